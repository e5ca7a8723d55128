// Writes docs/compatibility.md from the cases of the tests. `node scripts/docs-compatibility.ts`
import { writeFileSync } from 'node:fs'
import { compatibilityPage } from './compatibility-page.ts'

writeFileSync('docs/compatibility.md', compatibilityPage())
