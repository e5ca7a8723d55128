// What the jobs of the workflow call, on a registry and data that are given; test/delivery runs them on a fresh clone.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { before } from 'node:test'
import { readLcov, summaryOf } from '../scripts/line-coverage.ts'
import { type Drift, pullRequestText, type Validation } from '../scripts/pull-request-text.ts'
import { temporarySettings, trainChampion } from './champion.ts'

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

test('a file that no test loads counts with all its lines', () => {
  const lcov = 'SF:src/a/x.ts\nLF:10\nLH:9\nend_of_record\nSF:src/a/x.test.ts\nLF:50\nLH:50\nend_of_record\n'
  const files = new Map([
    ['src/a/x.ts', 11],
    ['src/b/y.ts', 8],
  ])
  const { share, text } = summaryOf(readLcov(lcov), files)
  assert.equal(share, 0.5)
  assert.match(text, /^Line coverage of src: 50\.0 %\n/)
  assert.match(text, /\| b \| 0 of 8 \| 0\.0 % \|/)
})
