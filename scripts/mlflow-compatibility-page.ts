import { MLFLOW_VERSIONS } from '../test/interop/mlflow/environments.ts'
import { KNOWN_DIFFERENCES } from '../test/interop/mlflow/known-differences.ts'

/** The page docs/compatibility-mlflow.md: where the tracking server answers otherwise than MLflow's, and why. */
export function mlflowCompatibilityPage(): string {
  const rows = KNOWN_DIFFERENCES.map(({ what, why, only }) => `| ${what} | ${only ?? 'all'} | ${why} |`)
  return `${[
    '# Compatibility with MLflow',
    '',
    `\`npm run test:interop\` (\`test/interop/mlflow/\`) runs one program with MLflow's Python client of ${MLFLOW_VERSIONS.join(' and ')}`,
    "against MLflow's own server and against ours, on SQLite and PostgreSQL, and compares step by step what the client saw:",
    'what it returned, or the code of the error that it raised. The same is done with our client. All is equal but for',
    'these differences, which are meant. This page is made of the list that the suite checks, by',
    '`node scripts/docs-compatibility.ts`.',
    '',
    '| what | differs in MLflow | why |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n')}\n`
}
