// Makes all Python environments of the interop suites, at once: the judges that follow find them ready.
import { VERSIONS } from '../../src/model/files/xgboost-forms.fixture.ts'
import { MLFLOW_VERSIONS, mlflowEnvironment } from './mlflow/environments.ts'
import { EVIDENTLY } from './monitoring/environments.ts'
import { pythonOf } from './python.ts'
import { OPTUNA } from './tuning/environments.ts'
import { xgboostEnvironment } from './xgboost/environments.ts'

await Promise.all(
  [...MLFLOW_VERSIONS.map(mlflowEnvironment), ...VERSIONS.map(xgboostEnvironment), OPTUNA, EVIDENTLY].map(
    pythonOf,
  ),
)
