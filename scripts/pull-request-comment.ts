// Writes reports/pull-request.md from what validate-model and check-drift left in reports/: npm run pull-request-comment.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type Drift, pullRequestText, type Validation } from './pull-request-text.ts'

const read = <T>(file: string) =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined

const text = pullRequestText({
  validation: read<Validation>('reports/validation.json'),
  drift: read<Drift & { source: string }>('reports/drift.json'),
})
writeFileSync('reports/pull-request.md', text)
console.log(text)
