import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { progress } from '../interop/python.ts'
import { ROOT } from './image.ts'

const PROGRAM = '/usr/sbin/haproxy'

/** The program; Debian's package is installed where there is none and this is root. */
export function installHaproxy(): string {
  if (existsSync(PROGRAM)) return PROGRAM
  progress('installing HAProxy by apt-get')
  const install = 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq haproxy'
  execFileSync('/bin/sh', ['-c', `${install} >/dev/null`], { stdio: 'inherit' })
  return PROGRAM
}

/** Starts it with the committed configuration, its ports and the names of its replicas replaced. */
export function startHaproxy(
  folder: string,
  ports: { readonly own: number; readonly health: number; readonly replicas: readonly number[] },
): ChildProcess {
  const servers = ports.replicas.map((port, index) => `  server replica${index + 1} 127.0.0.1:${port}`)
  const replacements = [
    ['bind :8000', `bind 127.0.0.1:${ports.own}`],
    ['bind 127.0.0.1:8404', `bind 127.0.0.1:${ports.health}`],
    ['  server-template replica 8 fds-api:8000', servers.join('\n')],
  ] as const
  let text = readFileSync(join(ROOT, 'deploy/haproxy/haproxy.cfg'), 'utf8')
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`haproxy.cfg has no line "${from}"`)
    text = text.replace(from, to)
  }
  const file = join(folder, 'haproxy.cfg')
  writeFileSync(file, text)
  return spawn(installHaproxy(), ['-db', '-f', file], { stdio: 'ignore' })
}
