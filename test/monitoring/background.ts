import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

/** A server of Prometheus' family that runs beside a test. */
export interface Background {
  readonly address: string
  stop(): Promise<void>
}

/** Runs a program with variables beside those that are inherited, until it is ready at its address. */
export async function runBeside(
  program: string,
  args: readonly string[],
  { address, environment = {} }: { address: string; environment?: Readonly<Record<string, string>> },
): Promise<Background> {
  const given = Object.entries(environment).map(([key, value]) => `${key}=${value}`)
  const child = spawn('env', [...given, program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  const complaints = text(child.stderr)
  const stop = () => end(child)
  const isReady = await until(async () => {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${await complaints}`)
    return (await fetch(`${address}/-/ready`).catch(() => undefined))?.ok || undefined
  }, 30)
  if (isReady) return { address, stop }
  await stop()
  throw new Error(`${program} is not ready: ${await complaints}`)
}

/** Waits until the question has an answer; undefined after `seconds`. */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  seconds: number,
): Promise<T | undefined> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined || Date.now() > deadline) return answer
    await sleep(200)
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
