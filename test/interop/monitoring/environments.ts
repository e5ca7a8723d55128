import type { Environment } from '../python.ts'

/** The Evidently that our `evidently` mode equals. It does not import under pandas 3.1. */
export const EVIDENTLY: Environment = {
  name: 'evidently-0.7.23',
  packages: ['evidently==0.7.23', 'pandas==2.3.3', 'numpy==2.4.6', 'scipy==1.17.1', 'pyarrow==26.0.1'],
}
