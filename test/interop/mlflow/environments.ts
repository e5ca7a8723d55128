import type { Environment } from '../python.ts'

/** The newest MLflow on PyPI, and the one that the reference was read in. */
export const MLFLOW_VERSIONS = ['3.17.2', '3.11.1'] as const
export type MlflowVersion = (typeof MLFLOW_VERSIONS)[number]

/** MLflow with the libraries whose models it logs and the driver of its PostgreSQL store. */
export function mlflowEnvironment(version: MlflowVersion): Environment {
  const pandas = { '3.17.2': '3.1.1', '3.11.1': '2.3.3' }[version]
  const pinned = [`mlflow==${version}`, `pandas==${pandas}`, ...LIBRARIES]
  return { name: `mlflow-${version}`, packages: pinned }
}

const LIBRARIES = [
  'xgboost==3.2.0',
  'scikit-learn==1.9.1',
  'numpy==2.4.6',
  'scipy==1.17.1',
  'matplotlib==3.11.2',
  'sqlalchemy==2.1.9',
  'psycopg2-binary==2.9.13',
]
