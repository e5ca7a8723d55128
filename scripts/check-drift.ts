// Whether the champion still sees what it learned from: npm run check-drift. Exit 1 on drift; the page lies in reports/.
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { givenOf, simulateWorld } from './checked-model.ts'
import type { Drift } from './pull-request-text.ts'
import { runFds } from './run-fds.ts'

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string' },
    against: { type: 'string' },
    // unchanged payments differ from older ones too: accounts grow older
    'drift-share': { type: 'string', default: '0.1' },
    'simulated-drift': { type: 'boolean', default: false },
  },
})

const world = givenOf(flags) ?? (await simulateWorld(flags['simulated-drift'] ? { drift: 'sudden' } : {}))
const { source, isSimulated, champion, newer, environment } = world
const share = ['--drift-share', flags['drift-share']]
const { passed, value } = runFds<Drift>(
  ['drift', '--model', champion, '--current', newer, ...share, ...(isSimulated ? ['--no-notify'] : [])],
  environment,
)
mkdirSync('reports', { recursive: true })
const { drift_share, advice, report_path } = value
const percent = (100 * drift_share).toFixed(0)
writeFileSync(
  'reports/drift.json',
  `${JSON.stringify({ source, passed, drift_share, advice, report_path }, null, 2)}\n`,
)
console.log(
  `${passed ? 'pass' : 'FAIL'}  ${percent} % of the columns drifted, in ${source}. ${advice.reason}`,
)
console.log(`report in ${report_path}`)
process.exitCode = passed ? 0 : 1
