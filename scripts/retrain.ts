// A challenger where the data ask for one: npm run retrain. Promotes nothing. Exit 1 where data are broken or a gate fails.
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { givenOf, simulateWorld } from './checked-model.ts'
import { runFds } from './run-fds.ts'

const { values: flags } = parseArgs({ options: { data: { type: 'string' } } })

const { source, newer, environment } = givenOf(flags) ?? (await simulateWorld({ drift: 'sudden' }))
const { passed, value } = runFds<{ readonly reason: string; readonly champion: string }>(
  ['retrain', '--if-drifted', '--data', newer],
  environment,
)
mkdirSync('reports', { recursive: true })
writeFileSync('reports/retrain.json', `${JSON.stringify({ source, ...value }, null, 2)}\n`)
console.log(`${value.reason}. Version ${value.champion} stays champion. Asked of ${source}.`)
process.exitCode = passed ? 0 : 1
