// What the jobs of the workflow call, on a registry and data that are given; test/delivery runs them on a fresh clone.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { before } from 'node:test'
import { coverageText, readCoverage } from '../scripts/line-coverage.ts'
import { type Drift, pullRequestText, type Validation } from '../scripts/pull-request-text.ts'
import { temporarySettings, trainChampion } from './champion.ts'
import { temporaryFolder } from './fds.ts'

const settings = temporarySettings()
const { home } = settings
const scripts = join(import.meta.dirname, '../scripts')
let data = ''

before(async () => {
  data = (await trainChampion(settings)).file
})

function run(script: string, ...args: string[]) {
  const variables = [`FDS_HOME=${home}`, `FDS_CI_DATA=${data}`, 'FDS_CI_MODEL=models:/fraud_detector/1']
  const command = [...variables, process.execPath, join(scripts, `${script}.ts`), ...args]
  return spawnSync('env', command, { cwd: home, encoding: 'utf8' })
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(home, 'reports', name), 'utf8')) as T
}

test('validate-model tells each gate, keeps what it measured, and fails where a gate does', () => {
  const { status, stdout } = run('validate-model')
  assert.equal(status, 0)
  assert.match(stdout, /^pass {2}min_auc: .*\npass {2}max_cost_increase: /)
  const { passed, gates, candidate, champion } = read<Validation>('validation.json')
  assert.deepEqual([passed, gates.length], [true, 2])
  assert.deepEqual(candidate.metrics, champion.metrics)
  assert.equal(typeof candidate.metrics['auc_roc'], 'number')

  const failed = run('validate-model', '--min-auc', '1')
  assert.equal(failed.status, 1)
  assert.match(failed.stdout, /^FAIL {2}min_auc: /)
  assert.equal(read<Validation>('validation.json').passed, false)
  const wrong = run('validate-model', '--model', 'models:/nobody@champion')
  assert.equal(wrong.status, 2)
  assert.match(wrong.stderr, /nobody/)
})

test('check-drift passes what the champion learned from, and leaves the page', () => {
  const { status, stdout } = run('check-drift')
  assert.equal(status, 0, stdout)
  assert.match(stdout, /^pass {2}0 % of the columns drifted/)
  const { passed, report_path } = read<Drift>('drift.json')
  assert.ok(passed)
  assert.match(report_path, /reports\/drift_report_\d{8}\.html$/)
  assert.ok(existsSync(join(home, report_path)))
  assert.ok(readdirSync(join(home, 'reports')).some((name) => name.startsWith('drift_')))
})

test('the comment shows both models, every gate, and nothing of the data as markup', () => {
  const measured = (auc_roc: number | null, cost: number) => ({ model: 'm', metrics: { auc_roc, cost } })
  const text = pullRequestText({
    validation: {
      source: 'a|b <img> @everyone [x](y)',
      passed: false,
      gates: [{ name: 'min_auc', passed: false, message: 'AUC 0.8 is not above 0.85' }],
      candidate: measured(0.8, 90),
      champion: measured(0.95, 100),
    },
    drift: undefined,
  })
  assert.match(text, /\| AUC \(higher is better\) \| 0\.8000 \| 0\.9500 \| -0\.1500 \|/)
  assert.match(text, /\| cost \(lower is better\) \| 90 \| 100 \| -10 \|/)
  assert.match(text, /\| recall \(higher is better\) \| no answer \| no answer \| \|/)
  assert.match(text, /❌ `min_auc`/)
  assert.doesNotMatch(text, /a\|b|<img|@everyone|\[x\]/)
  assert.match(pullRequestText({ validation: undefined, drift: undefined }), /did not run to its end/)
})

test('a line counts where one process ran it, and a file that none loaded counts with all its lines', async (t) => {
  const folder = await temporaryFolder(t)
  const module = join(folder, 'module.js')
  const unused = join(folder, 'unused.js')
  const types = join(folder, 'types.ts')
  const lines = ['export function half(x) {', '  if (x > 0) {', '    return 1', '  }', '  return 2', '}']
  writeFileSync(module, `${lines.join('\n')}\n`)
  writeFileSync(unused, 'export const a = 1\n\nexport const b = 2\n')
  writeFileSync(types, 'export interface A {\n  readonly a: number\n}\n')
  const measure = (...arguments_: number[]) => {
    const reports = mkdtempSync(join(folder, 'v8-'))
    for (const x of arguments_) {
      const code = `import { half } from ${JSON.stringify(module)}; half(${x})`
      spawnSync('env', [`NODE_V8_COVERAGE=${reports}`, process.execPath, '--input-type=module', '-e', code])
    }
    writeFileSync(join(reports, 'killed.json'), '{"result": [')
    return readCoverage(reports, [module, unused, types])
  }
  assert.deepEqual(measure(-1).get(module), { found: 6, hit: 4, missed: [3, 4] })
  assert.ok(measure(1).get(module)?.missed.includes(5))
  const both = measure(1, -1)
  assert.deepEqual(both.get(module), { found: 6, hit: 6, missed: [] })
  assert.deepEqual(both.get(unused), { found: 3, hit: 0, missed: [1, 2, 3] })
  assert.equal(both.has(types), false)
})

test('the share is told for each room and for all', () => {
  const { share, text } = coverageText(
    new Map([
      ['src/a/x.ts', { found: 10, hit: 9 }],
      ['src/b/y.ts', { found: 8, hit: 0 }],
    ]),
  )
  assert.equal(share, 0.5)
  assert.match(text, /^Line coverage of src: 50\.0 %\n/)
  assert.match(text, /\| b \| 0 of 8 \| 0\.0 % \|\n\| all \| 9 of 18 \| 50\.0 % \|\n$/)
})
