import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { progress } from './python.ts'

export interface Postgres {
  /** Address of a new, empty database. */
  createDatabase(name: string): Promise<string>
  /** Stops the server and keeps its data. */
  halt(): Promise<void>
  /** The same as a crash does it: nothing is told to clients or written out, and the next start recovers. */
  crash(): Promise<void>
  /** Starts it again, at the same address. */
  resume(): Promise<void>
  /** Stops the server and removes its data. */
  stop(): Promise<void>
}

/**
 * A PostgreSQL server of its own with PostgreSQL's default settings, data in a new temporary folder, trusting
 * loopback alone. Installs Debian's package where there is none and this is root.
 */
export async function startPostgres(): Promise<Postgres> {
  const programs = programFolder() ?? installPostgres()
  const user = unprivilegedUser()
  const folder = mkdtempSync(join(tmpdir(), 'fds-postgres-'))
  if (user) chownSync(folder, user.uid, user.gid)
  const options = { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] as const, env: {} }
  const data = join(folder, 'data')
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-A', 'trust', '-U', 'fds', '-E', 'UTF8', '--locale=C.UTF-8'],
    {
      ...options,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const port = await freePort()
  const args = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-k', folder]
  const address = (name: string) => `postgresql://fds@127.0.0.1:${port}/${name}`
  const start = async () => {
    const child = spawn(join(programs, 'postgres'), args, { ...options, stdio: 'ignore' })
    await untilReady(address('postgres'))
    return child
  }
  let child = await start()
  const end = async (signal: NodeJS.Signals) => {
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  // the fast shutdown; SIGTERM would wait for clients
  const halt = () => end('SIGINT')
  return {
    createDatabase: async (name) => {
      await query(address('postgres'), `create database "${name}"`)
      return address(name)
    },
    halt,
    crash: () => end('SIGQUIT'),
    resume: async () => {
      child = await start()
    },
    stop: async () => {
      await halt()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}

/** Where Debian puts what only the server needs, the newest first, or a folder of the path. */
function programFolder(): string | undefined {
  const folders = [
    ...globSync('/usr/lib/postgresql/*/bin').toSorted().toReversed(),
    '/usr/local/bin',
    '/usr/bin',
  ]
  return folders.find((folder) => existsSync(join(folder, 'initdb')))
}

function installPostgres(): string {
  progress('installing PostgreSQL by apt-get')
  const install = 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql'
  execFileSync('/bin/sh', ['-c', `${install} >/dev/null`], { stdio: 'inherit' })
  const folder = programFolder()
  if (folder === undefined) throw new Error('PostgreSQL is not installed: initdb was not found')
  return folder
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  const line =
    users.find((user) => user.startsWith('postgres:')) ?? users.find((user) => user.startsWith('nobody:'))
  const [, , uid, gid] = line?.split(':') ?? []
  return { uid: Number(uid), gid: Number(gid) }
}

async function untilReady(address: string): Promise<void> {
  const end = Date.now() + 30_000
  for (;;) {
    try {
      return await query(address, 'select 1')
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((wake) => setTimeout(wake, 100))
    }
  }
}

async function query(address: string, text: string): Promise<void> {
  const client = new Client({ connectionString: address })
  await client.connect()
  await client.query(text)
  await client.end()
}
