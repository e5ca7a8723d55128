import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where virtual environments and what judges need beside them lie, kept from one run to the next. */
export const CACHE = join(import.meta.dirname, '../../.cache/interop')

/** A virtual environment of Python: its name in the cache and what pip installs into it. */
export interface Environment {
  readonly name: string
  readonly packages: readonly string[]
}

/**
 * The `python` of the environment, made once and again when its packages change. Needs python3 with venv, and the
 * package registry the first time. Several environments can be made at once.
 */
export async function pythonOf({ name, packages }: Environment): Promise<string> {
  const folder = join(CACHE, name)
  const python = join(folder, 'bin/python')
  const installed = join(folder, 'installed')
  const wanted = packages.join('\n')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return python
  progress(`making the Python environment ${name}`)
  await mkdir(CACHE, { recursive: true })
  await run('python3', ['-m', 'venv', '--clear', folder])
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages])
  await writeFile(installed, wanted)
  progress(`made the Python environment ${name}`)
  return python
}

/** One line to whoever waits, beside what is printed as a result. */
export function progress(text: string): void {
  process.stderr.write(`… ${text}\n`)
}

/** A program that is run to its end and must end well. */
export function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit' })
    child.on('error', reject).on('close', (status) => {
      if (status === 0) resolve()
      else reject(new Error(`${program} ${args[0]} ${args[1]} ended with ${status}`))
    })
  })
}
