// Users and keys, from the command line to a running server.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import test from 'node:test'
import { MAIN, startFds, temporaryFolder } from './fds.ts'

const PASSWORD = 'correct horse battery'

async function addUser(args: readonly string[], password: string) {
  const child = spawn(process.execPath, [MAIN, 'users', 'add', ...args], { stdio: 'pipe' })
  child.stdin.end(`${password}\n`)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { status: child.exitCode, stdout, stderr }
}

const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
})

test('a user that was added logs in with the rights of the role, and nobody else does', async (t) => {
  const home = await temporaryFolder(t)
  const file = join(home, 'users')
  assert.equal((await addUser(['alice', '--role', 'write', '--file', file], PASSWORD)).status, 0)
  const bob = await addUser(['bob', '--file', file, '--json'], `${PASSWORD} bob`)
  assert.deepEqual(JSON.parse(bob.stdout), { name: 'bob', role: 'read', file })
  // the second time is a new password
  assert.equal((await addUser(['bob', '--file', file], `${PASSWORD} new`)).status, 0)
  const lines = await readFile(file, 'utf8')
  assert.deepEqual(lines.match(/^\w+:\w+/gm), ['alice:write', 'bob:read'])
  assert.ok(!lines.includes('horse'))
  assert.equal((await stat(file)).mode & 0o777, 0o600)

  const args = ['tracking', '--host', '127.0.0.1', '--port', '0', '--home', home]
  const server = await startFds(args, { FDS_USERS_FILE: file })
  t.after(() => server.stop())
  const create = async (headers: Record<string, string>, name: string) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }
    const url = `${server.address}/api/2.0/mlflow/experiments/create`
    return (await fetch(url, { ...init, body: JSON.stringify({ name }) })).status
  }
  const read = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(server.address + path, { headers })).status
  assert.equal(await create(basic('alice', PASSWORD), 'a'), 200)
  assert.equal(await create(basic('bob', `${PASSWORD} new`), 'b'), 403)
  assert.equal(await create(basic('bob', `${PASSWORD} bob`), 'c'), 401)
  assert.equal(await create({}, 'd'), 401)
  for (const path of ['/api/2.0/mlflow/experiments/get?experiment_id=0', '/metrics']) {
    assert.equal(await read(path, basic('bob', `${PASSWORD} new`)), 200)
    assert.equal(await read(path), 401)
  }
  for (const path of ['/health', '/version']) assert.equal(await read(path), 200)
})

test('what makes no user is refused in one line that does not show it', async (t) => {
  const home = await temporaryFolder(t)
  const file = join(home, 'users')
  const attempts: [string[], string, RegExp][] = [
    [['alice', '--file', file], '', /^error: Setting password must be at least 12 printable characters/],
    [['alice', '--file', file], 'hunter2', /^error: Setting password must be at least 12/],
    [['alice', '--file', file], 'password1234', /not the one that MLflow came with/],
    [['a:b', '--file', file], PASSWORD, /^error: Setting user name must be letters, digits/],
    [['alice', '--role', 'admin', '--file', file], PASSWORD, /--role must be read or write/],
    [['alice'], PASSWORD, /^error: Name the users file by --file or FDS_USERS_FILE/],
    [
      ['alice', '--file', join(home, 'none', 'users')],
      PASSWORD,
      /^error: Cannot read or write .*none\/users/,
    ],
  ]
  for (const [args, password, message] of attempts) {
    const { status, stderr } = await addUser(args, password)
    assert.deepEqual([status, stderr.trim().split('\n').length], [2, 1], stderr)
    assert.match(stderr, message)
    assert.ok(!/hunter2|horse/.test(stderr))
  }
  await writeFile(file, 'alice:secret-secret\n')
  const broken = await addUser(['bob', '--file', file], PASSWORD)
  assert.match(broken.stderr, /^error: Setting users file .* got something else in line 1/)
  assert.equal(await readFile(file, 'utf8'), 'alice:secret-secret\n')
})
