// Writes docs/errors.md from the error table. `npm run docs:errors`
import { writeFileSync } from 'node:fs'
import { errorsPage } from './errors-page.ts'

writeFileSync('docs/errors.md', errorsPage())
