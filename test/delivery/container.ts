// Runs a command of the image as a container would: another user, the image's files read-only, the image's environment alone.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, copyFileSync, globSync, mkdirSync, mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildImage, commandOf, environmentOf, type Stage } from './image.ts'

export interface Image {
  readonly folder: string
  readonly app: string
  readonly stage: Stage
}

/** Builds the image in a new temporary folder, its Node beside it. */
export function makeImage(): Image {
  const folder = mkdtempSync(join(tmpdir(), 'fds-image-'))
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'bin'))
  copyFileSync(process.execPath, join(folder, 'bin/node'))
  const { app, stage } = buildImage(folder)
  const entries = globSync('**/*', { cwd: app }).map((name) => join(app, name))
  for (const path of [...entries, app]) chmodSync(path, statSync(path).isDirectory() ? 0o555 : 0o444)
  return { folder, app, stage }
}

/** A folder that the image's user may write to, as a volume is. */
export function makeVolume({ folder }: Image, name: string): string {
  const volume = join(folder, name)
  mkdirSync(volume)
  if (process.getuid?.() === 0) chownSync(volume, USER.uid, USER.gid)
  return volume
}

const USER = { uid: 1000, gid: 1000 }

export interface Container {
  readonly process: ChildProcess
  /** What it wrote to its standard error, so far. */
  log(): string
  /** Ends it as an engine does; gives its exit status and how long it took. */
  stop(): Promise<{ status: number | null; milliseconds: number }>
}

/** Starts the image's entry point with a command, by default the image's own. */
export function startContainer(
  image: Image,
  environment: Readonly<Record<string, string>>,
  command = commandOf(image.stage, 'CMD'),
): Container {
  const child = spawnIn(image, environment, [...commandOf(image.stage, 'ENTRYPOINT'), ...command])
  let log = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const stop = async () => {
    const start = performance.now()
    const hasEnded = child.exitCode !== null || child.signalCode !== null
    const ended = hasEnded ? Promise.resolve([child.exitCode]) : once(child, 'exit')
    child.kill('SIGTERM')
    const [status] = (await ended) as [number | null]
    return { status, milliseconds: performance.now() - start }
  }
  return { process: child, log: () => log, stop }
}

/** Runs the entry point with a command to its end and gives its exit status. */
export async function runContainer(
  image: Image,
  environment: Readonly<Record<string, string>>,
  command: readonly string[],
): Promise<number | null> {
  const { process: child } = startContainer(image, environment, [...command])
  return (await once(child, 'exit'))[0] as number | null
}

/** Waits until the image's own health check, at another port, ends well. */
export async function untilHealthy(image: Image, port: number): Promise<void> {
  const check = commandOf(image.stage, 'HEALTHCHECK').map((word) => word.replace(':8000/', `:${port}/`))
  const end = Date.now() + 60_000
  for (;;) {
    const [status] = (await once(spawnIn(image, {}, check), 'exit')) as [number | null]
    if (status === 0) return
    if (Date.now() > end) throw new Error(`not healthy within a minute: status ${status}`)
    await new Promise((wake) => setTimeout(wake, 200))
  }
}

function spawnIn(
  image: Image,
  environment: Readonly<Record<string, string>>,
  command: readonly string[],
): ChildProcess {
  const [program = '', ...args] = command
  const bin = join(image.folder, 'bin')
  const temporary = join(image.folder, 'tmp')
  mkdirSync(temporary, { recursive: true })
  chmodSync(temporary, 0o1777)
  return spawn(join(bin, program), args, {
    cwd: image.app,
    env: { PATH: bin, TMPDIR: temporary, ...environmentOf(image.stage), ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(process.getuid?.() === 0 && USER),
  })
}
