// Builds what the Dockerfile builds, without a container: one folder for each stage, filled by its COPY lines and commands.
import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, matchesGlob } from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')

/** One line of a Dockerfile, continued lines joined: `COPY`, `package.json ./`. */
export interface Instruction {
  readonly name: string
  readonly text: string
}

export interface Stage {
  readonly name: string
  readonly instructions: readonly Instruction[]
}

/** The stages of a Dockerfile in their order; one without a name is named after its number. */
export function parseDockerfile(text: string): Stage[] {
  const lines = text.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\\n/g, ' ')
  const stages: { name: string; instructions: Instruction[] }[] = []
  for (const line of lines.split('\n').filter((entry) => entry.trim() !== '')) {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? []
    if (name === 'FROM')
      stages.push({ name: / AS (\S+)$/.exec(rest)?.[1] ?? `${stages.length}`, instructions: [] })
    stages.at(-1)?.instructions.push({ name, text: rest })
  }
  return stages
}

/** The last instruction of a name in a stage, as the list that its JSON holds. */
export function commandOf({ instructions }: Stage, name: string): string[] {
  const text = instructions.findLast((instruction) => instruction.name === name)?.text ?? '[]'
  return JSON.parse(text.slice(text.indexOf('['))) as string[]
}

/** What ENV sets in a stage. */
export function environmentOf({ instructions }: Stage): Record<string, string> {
  const pairs = instructions.filter(({ name }) => name === 'ENV').flatMap(({ text }) => text.split(/\s+/))
  return Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]))
}

/**
 * Fills `folder` with one folder for each stage and gives that of the last. Commands run in every stage but the last,
 * whose own change the image's system alone.
 */
export function buildImage(folder: string): { stage: Stage; app: string } {
  const stages = parseDockerfile(readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8'))
  const last = stages.at(-1)
  if (!last) throw new Error('the Dockerfile has no stage')
  for (const stage of stages) {
    const place = join(folder, stage.name)
    mkdirSync(join(place, 'app'), { recursive: true })
    for (const { name, text } of stage.instructions) {
      if (name === 'COPY') copy(text, { folder, app: join(place, 'app') })
      if (name === 'RUN' && stage !== last) {
        execFileSync('/bin/sh', ['-c', text], {
          cwd: join(place, 'app'),
          stdio: ['ignore', 'ignore', 'inherit'],
        })
      }
    }
  }
  return { stage: last, app: join(folder, last.name, 'app') }
}

function copy(text: string, { folder, app }: { folder: string; app: string }): void {
  const [, from] = /^--from=(\S+) /.exec(text) ?? []
  const words = text.replace(/^--from=\S+ /, '').split(/\s+/)
  const target = words.pop() ?? '.'
  for (const source of words) {
    const origin = from === undefined ? join(ROOT, source) : join(folder, from, source)
    const isFolder = statSync(origin).isDirectory()
    const place = isFolder ? join(app, target) : join(app, target, origin.split('/').at(-1) ?? '')
    mkdirSync(dirname(place), { recursive: true })
    const filter = (path: string) => from !== undefined || statSync(path).isDirectory() || isInContext(path)
    if (filter(origin)) cpSync(origin, place, { recursive: true, filter, verbatimSymlinks: true })
  }
}

/** Whether a file goes to the builder: the last pattern of .dockerignore that names it or a folder of it decides. */
export function isInContext(path: string): boolean {
  const name = path.slice(ROOT.length + 1)
  const parts = name.split('/')
  const parents = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  const patterns = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n')
  const decisive = patterns
    .filter((line) => line !== '' && !line.startsWith('#'))
    .findLast((line) => parents.some((parent) => matchesGlob(parent, line.replace(/^!/, ''))))
  return decisive === undefined || decisive.startsWith('!')
}

/** Every file below a folder with its size and time, to see whether anything was written there. */
export function listing(folder: string): string[] {
  return globSync('**/*', { cwd: folder }).map((name) => {
    const { size, mtimeMs } = statSync(join(folder, name))
    return `${name} ${size} ${mtimeMs}`
  })
}
