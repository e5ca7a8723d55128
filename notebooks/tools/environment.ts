import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CACHE, progress, pythonOf, run } from '../../test/interop/python.ts'

const DENO = '2.9.5'
const PYTHON = {
  name: 'notebooks',
  packages: ['jupyterlab==4.6.6', 'nbclient==0.11.0', 'nbformat==5.11.1'],
}

/** A notebook's cells are all drawn, so that the browser finds words in any of them; nobody is asked about news. */
const OVERRIDES = {
  '@jupyterlab/notebook-extension:tracker': { windowingMode: 'none' },
  '@jupyterlab/apputils-extension:notification': { fetchNews: 'false' },
}

/** Where JupyterLab and its one kernel are. */
export interface JupyterEnvironment {
  readonly python: string
  readonly jupyter: string
}

/**
 * JupyterLab in a virtual environment and Deno's TypeScript kernel for it, made once. Needs python3 of 3.10 or newer with
 * venv, and the package registries the first time; rejects with one line where there is no such Python.
 */
export async function jupyterEnvironment(): Promise<JupyterEnvironment> {
  requirePython()
  const [python, deno] = await Promise.all([pythonOf(PYTHON), denoProgram()])
  const folder = join(dirname(python), '..')
  const kernel = join(folder, 'share/jupyter/kernels/deno')
  mkdirSync(kernel, { recursive: true })
  const spec = {
    argv: [python, join(import.meta.dirname, 'kernel.py'), '{connection_file}', deno],
    display_name: 'Deno',
    language: 'typescript',
  }
  writeFileSync(join(kernel, 'kernel.json'), JSON.stringify(spec))
  const settings = join(folder, 'share/jupyter/lab/settings')
  mkdirSync(settings, { recursive: true })
  writeFileSync(join(settings, 'overrides.json'), JSON.stringify(OVERRIDES))
  // JupyterLab runs a script of its own by Node, which must not take it for a module as our own are
  writeFileSync(join(folder, 'package.json'), '{}')
  return { python, jupyter: join(dirname(python), 'jupyter') }
}

const PYTHON_CHECK = 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))'

/** Debian's python3 comes without what an environment is made of. */
function requirePython(): void {
  if (spawnSync('python3', ['-c', PYTHON_CHECK], { stdio: 'ignore' }).status === 0) return
  throw new Error(
    'JupyterLab needs python3 3.10 or newer with venv (Debian and Ubuntu: apt-get install python3-venv)',
  )
}

/** The npm package brings the binary for each platform. */
async function denoProgram(): Promise<string> {
  const folder = join(CACHE, `deno-${DENO}`)
  const program = join(folder, 'node_modules/.bin/deno')
  if (existsSync(program)) return program
  progress(`installing Deno ${DENO}`)
  mkdirSync(folder, { recursive: true })
  await run('npm', [
    'install',
    '--prefix',
    folder,
    '--no-audit',
    '--no-fund',
    '--no-save',
    `deno@${DENO}`,
  ])
  return program
}
