import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { FdsError } from '../../errors.ts'
import { lockHome } from './lock-home.ts'

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'fds-lock-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const codeIs = (code: string) => (error: unknown) => error instanceof FdsError && error.code === code

test('gives a home to one holder at a time', (t) => {
  const home = join(folderFor(t), 'new', 'home')
  const release = lockHome(home)
  assert.throws(() => lockHome(home), codeIs('HOME_IN_USE'))
  release()
  lockHome(home)()
})

test('refuses a home that another process holds, and takes it as soon as that process is killed', async (t) => {
  const home = folderFor(t)
  const program = `import { lockHome } from '${import.meta.dirname}/lock-home.ts'
    globalThis.release = lockHome(${JSON.stringify(home)}); process.stdout.write('held'); setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => holder.kill('SIGKILL'))
  await once(holder.stdout, 'data')
  assert.throws(() => lockHome(home), codeIs('HOME_IN_USE'))
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  lockHome(home)()
})

test('refuses a home that is no folder', (t) => {
  const file = join(folderFor(t), 'file')
  writeFileSync(file, '')
  assert.throws(() => lockHome(file), codeIs('STORAGE_FAILED'))
})
