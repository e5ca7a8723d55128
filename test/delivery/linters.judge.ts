// The files of delivery before the tools of their fields.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import test from 'node:test'
import { installHaproxy } from './haproxy.ts'
import { ROOT } from './image.ts'
import { actionlint, composeLoader, pythonTools } from './tools.ts'

const tools = await pythonTools()

function accepts(program: string, ...args: string[]): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: ROOT, encoding: 'utf8' })
  if (error) throw error
  assert.equal(status, 0, `${program} ${args.join(' ')}\n${stdout}${stderr}`)
}

test('hadolint finds nothing in the Dockerfile', () => {
  accepts(join(tools, 'hadolint'), 'deploy/Dockerfile')
})

test("the compose file holds to the Compose specification's schema", () => {
  accepts(join(tools, 'check-jsonschema'), '--builtin-schema', 'vendor.compose-spec', 'deploy/compose.yaml')
})

test('Compose loads the file, without settings and with those of its profile', (t) => {
  const program = composeLoader()
  if (program === undefined) return t.skip('the loader needs Go to be built, which is not here')
  accepts(program, 'deploy/compose.yaml')
  accepts(
    'env',
    'COMPOSE_PROFILES=mlflow',
    'FDS_TRACKING_URI=http://mlflow:5000',
    program,
    'deploy/compose.yaml',
  )
})

test("the workflow holds to GitHub's schema", () => {
  accepts(
    join(tools, 'check-jsonschema'),
    '--builtin-schema',
    'vendor.github-workflows',
    '.github/workflows/ml-pipeline.yml',
  )
})

test('actionlint finds nothing in the workflow', (t) => {
  const program = actionlint()
  if (program === undefined) return t.skip('actionlint needs Go to be built, which is not here')
  accepts(program, '-shellcheck', join(tools, 'shellcheck'), '.github/workflows/ml-pipeline.yml')
})

test('shellcheck finds nothing in the script of the secrets', () => {
  accepts(join(tools, 'shellcheck'), 'deploy/make-secrets.sh')
})

test("HAProxy accepts the balancer's configuration", () => {
  accepts(installHaproxy(), '-c', '-q', '-f', 'deploy/haproxy/haproxy.cfg')
})
