// The jobs of the workflow as they run on a fresh clone: no registry, no data, nothing given.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { ROOT } from './image.ts'

const folder = mkdtempSync(join(tmpdir(), 'fds-pipeline-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function run(script: string, ...args: string[]) {
  const file = join(ROOT, 'scripts', `${script}.ts`)
  return spawnSync(process.execPath, [file, ...args], { cwd: folder, encoding: 'utf8' })
}

test('a candidate that learned from newer payments passes its gates beside the champion, and the comment says so', () => {
  const validated = run('validate-model')
  assert.equal(validated.status, 0, validated.stdout + validated.stderr)
  assert.equal(run('check-drift').status, 0)
  const { status, stdout } = run('pull-request-comment')
  assert.equal(status, 0)
  assert.match(stdout, /\*\*The gates are passed\*\*/)
  assert.match(stdout, /\*\*The drift check is passed\*\*/)
  assert.equal(readFileSync(join(folder, 'reports/pull-request.md'), 'utf8'), stdout.slice(0, -1))
})

test('payments that changed suddenly fail the check, leave an alert page, and make a challenger', () => {
  const checked = run('check-drift', '--simulated-drift')
  assert.equal(checked.status, 1)
  assert.match(checked.stdout, /^FAIL/)
  assert.ok(readdirSync(join(folder, 'reports')).some((name) => /^drift_alert_\d{8}\.html$/.test(name)))
  const retrained = run('retrain')
  assert.equal(retrained.status, 0, retrained.stderr)
  assert.match(retrained.stdout, /challenger/)
})
