import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jupyterEnvironment } from './environment.ts'
import { readSource, type SourceCell } from './read-source.ts'
import { type Notebook, toNotebook, type Variant } from './to-notebook.ts'

/** Where the notebooks that are committed lie; they run there. */
export const FOLDER = join(import.meta.dirname, '../phase2')
const SOURCES = join(import.meta.dirname, '../src')
const BUILT = join(import.meta.dirname, '../../.cache/notebooks')

/** The names of the notebooks, without endings, in the order of the course. */
export function notebookNames(): string[] {
  return readdirSync(SOURCES)
    .map((file) => file.replace(/\.ts$/, ''))
    .sort()
}

/** The cells of a notebook's source. */
export function sourceOf(name: string): SourceCell[] {
  return readSource(readFileSync(join(SOURCES, `${name}.ts`), 'utf8'))
}

/**
 * Runs a notebook by nbclient in Deno's kernel and gives it with its outputs; the text is the file as nbformat writes
 * it. `env` is added to the environment. Rejects when a cell does not end within five minutes.
 */
export async function execute(
  name: string,
  variant: Variant,
  env: Readonly<Record<string, string>> = {},
): Promise<{ notebook: Notebook; text: string }> {
  const { python } = await jupyterEnvironment()
  mkdirSync(BUILT, { recursive: true })
  const [bare, executed] = [
    join(BUILT, `${name}.${variant}.bare.ipynb`),
    join(BUILT, `${name}.${variant}.ipynb`),
  ]
  writeFileSync(bare, JSON.stringify(toNotebook(sourceOf(name), variant)))
  await run(python, [join(import.meta.dirname, 'execute.py'), FOLDER, bare, executed], env)
  const text = readFileSync(executed, 'utf8')
  return { notebook: JSON.parse(text) as Notebook, text }
}

function run(
  program: string,
  args: readonly string[],
  added: Readonly<Record<string, string>>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...added }
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env })
    let said = ''
    child.stderr.on('data', (text) => {
      said += text
    })
    child.on('error', reject).on('close', (status) => {
      if (status === 0) resolve()
      else reject(new Error(`${args.at(-1)}: ${said.slice(-2000)}`))
    })
  })
}
