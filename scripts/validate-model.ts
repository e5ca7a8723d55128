// The gate before a model may decide: npm run validate-model. Exit 1 when a gate fails, 2 when it could not be asked.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { givenOf, simulateWorld } from './checked-model.ts'
import type { Metrics, Validation } from './pull-request-text.ts'
import { runFds } from './run-fds.ts'

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string' },
    model: { type: 'string' },
    against: { type: 'string' },
    'min-auc': { type: 'string', default: '0.85' },
    'max-cost-increase': { type: 'string', default: '0' },
    out: { type: 'string', default: 'reports/validation.json' },
  },
})

const { source, candidate, champion, judging, environment } =
  givenOf(flags) ?? (await simulateWorld({ withCandidate: true }))
const gates = ['--min-auc', flags['min-auc'], '--max-cost-increase', flags['max-cost-increase']]
const { passed, value } = runFds<Pick<Validation, 'gates'>>(
  ['validate', '--model', candidate, '--against', champion, '--data', judging, ...gates],
  environment,
)
const metricsOf = (model: string) =>
  runFds<Metrics>(['evaluate', '--model', model, '--data', judging], environment).value
const validation: Validation = {
  source,
  passed,
  gates: value.gates,
  candidate: { model: candidate, metrics: metricsOf(candidate) },
  champion: { model: champion, metrics: metricsOf(champion) },
}
mkdirSync(dirname(flags.out), { recursive: true })
writeFileSync(flags.out, `${JSON.stringify(validation, null, 2)}\n`)
for (const { passed: met, name, message } of value.gates)
  console.log(`${met ? 'pass' : 'FAIL'}  ${name}: ${message}`)
console.log(`judged on ${source}; everything in ${flags.out}`)
process.exitCode = passed ? 0 : 1
