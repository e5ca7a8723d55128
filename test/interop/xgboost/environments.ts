import type { Version } from '../../../src/model/files/xgboost-forms.fixture.ts'
import type { Environment } from '../python.ts'

export function xgboostEnvironment(version: Version): Environment {
  const numpy = version === '3.2.0' ? 'numpy==2.4.6' : 'numpy==1.26.4'
  return { name: `xgboost-${version}`, packages: [`xgboost==${version}`, numpy, 'scipy'] }
}
