// Writes docs/compatibility.md and docs/compatibility-mlflow.md from the cases of the tests.
// `node scripts/docs-compatibility.ts`
import { writeFileSync } from 'node:fs'
import { compatibilityPage } from './compatibility-page.ts'
import { mlflowCompatibilityPage } from './mlflow-compatibility-page.ts'

writeFileSync('docs/compatibility.md', compatibilityPage())
writeFileSync('docs/compatibility-mlflow.md', mlflowCompatibilityPage())
