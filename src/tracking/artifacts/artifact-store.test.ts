import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import test, { after, before, beforeEach } from 'node:test'
import { FdsError } from '../../errors.ts'
import { type ArtifactStore, type ByteRange, createFolderArtifacts } from './artifact-store.ts'

let folder = ''
let root = ''
let artifacts: ArtifactStore
let uploads = 0

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fds-artifacts-'))
})
after(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  root = await mkdtemp(join(folder, 'root-'))
  artifacts = createFolderArtifacts(root, () => `upload-${uploads++}`)
})

const put = (path: string, content: string) => artifacts.write(path, Readable.from([content]))
const get = async (path: string, range?: ByteRange) => text((await artifacts.open(path)).read(range))
const refusedWith = (errorCode: string) => (error: unknown) =>
  error instanceof FdsError && (error as FdsError<'TRACKING_REFUSED'>).details.errorCode === errorCode

test('a file that was written is read, listed, replaced and removed', async () => {
  await put('1/run/artifacts/a.txt', 'first')
  await put('1/run/artifacts/a.txt', 'second')
  await put('1/run/artifacts/sub/b.txt', '')
  assert.equal(await get('1/run/artifacts/a.txt'), 'second')
  assert.equal(await get('1/run/artifacts/sub/b.txt'), '')
  const file = await artifacts.open('1/run/artifacts/a.txt')
  await file.close()
  assert.equal(file.size, 6)
  assert.deepEqual(await artifacts.list('1/run/artifacts'), [
    { path: 'a.txt', isDir: false, fileSize: 6 },
    { path: 'sub', isDir: true },
  ])
  await artifacts.remove('1/run/artifacts/sub')
  await artifacts.remove('1/run/artifacts/a.txt')
  assert.deepEqual(await artifacts.list('1/run/artifacts'), [])
  await assert.rejects(get('1/run/artifacts/a.txt'), refusedWith('RESOURCE_DOES_NOT_EXIST'))
  // as MLflow answers: what should be gone is gone
  await artifacts.remove('1/run/artifacts/a.txt')
})

test('a part of a file is read by its first and last position', async () => {
  await put('a', '0123456789')
  assert.equal(await get('a', { start: 0, end: 0 }), '0')
  assert.equal(await get('a', { start: 3, end: 5 }), '345')
  assert.equal(await get('a', { start: 9, end: 9 }), '9')
})

test('the version of a file changes with its content, also where size and place stay the same', async () => {
  const versionOf = async () => {
    const file = await artifacts.open('a')
    await file.close()
    return file.version
  }
  await put('a', 'one')
  const first = await versionOf()
  assert.equal(await versionOf(), first)
  await put('a', 'two')
  const second = await versionOf()
  assert.notEqual(second, first)
  await writeFile(join(root, 'a'), 'longer')
  assert.notEqual(await versionOf(), second)
})

test('a folder that does not exist, and a file, have nothing below', async () => {
  await put('a', 'x')
  assert.deepEqual(await artifacts.list('b'), [])
  assert.deepEqual(await artifacts.list('a'), [])
})

test('the root lists what clients put there and hides uploads on their way', async () => {
  await put('a', 'x')
  assert.deepEqual(await artifacts.list(''), [{ path: 'a', isDir: false, fileSize: 1 }])
})

test('a file cannot be a folder at the same time', async () => {
  await put('a', 'x')
  await put('d/e', 'x')
  await assert.rejects(put('a/b', 'x'), refusedWith('INVALID_PARAMETER_VALUE'))
  await assert.rejects(put('d', 'x'), refusedWith('INVALID_PARAMETER_VALUE'))
  await assert.rejects(artifacts.open('d'), refusedWith('INVALID_PARAMETER_VALUE'))
  await assert.rejects(put('n'.repeat(300), 'x'), refusedWith('INVALID_PARAMETER_VALUE'))
  assert.deepEqual(await readdir(join(root, '.uploads')), [])
})

test('an upload that breaks off leaves the old file and no part', async () => {
  await put('a', 'old')
  const failing = (code: string) =>
    Readable.from(
      (async function* () {
        yield 'new and longer'
        throw Object.assign(new Error(code), { code })
      })(),
    )
  await assert.rejects(artifacts.write('a', failing('ENOSPC')), refusedWith('TEMPORARILY_UNAVAILABLE'))
  await assert.rejects(artifacts.write('a', failing('ECONNRESET')), refusedWith('BAD_REQUEST'))
  await assert.rejects(artifacts.write('b', failing('EIO')), refusedWith('TEMPORARILY_UNAVAILABLE'))
  assert.equal(await get('a'), 'old')
  assert.deepEqual(await readdir(join(root, '.uploads')), [])
  assert.deepEqual(await artifacts.list(''), [{ path: 'a', isDir: false, fileSize: 3 }])
})

test('no symbolic link is followed, wherever it stands and wherever it leads', async () => {
  const outside = await mkdtemp(join(folder, 'outside-'))
  await writeFile(join(outside, 'secret'), 'secret')
  await mkdir(join(root, 'inside'))
  await writeFile(join(root, 'inside', 'plain'), 'plain')
  await symlink(outside, join(root, 'folder'))
  await symlink(join(outside, 'secret'), join(root, 'file'))
  await symlink(join(root, 'inside'), join(root, 'near'))
  await symlink(join(outside, 'new'), join(root, 'dangling'))
  for (const path of ['folder/secret', 'file', 'near/plain', 'dangling', 'folder/new']) {
    await assert.rejects(artifacts.open(path), refusedWith('INVALID_PARAMETER_VALUE'), path)
    await assert.rejects(put(path, 'x'), refusedWith('INVALID_PARAMETER_VALUE'), path)
    await assert.rejects(artifacts.remove(path), refusedWith('INVALID_PARAMETER_VALUE'), path)
  }
  await assert.rejects(artifacts.list('folder'), refusedWith('INVALID_PARAMETER_VALUE'))
  assert.deepEqual(await artifacts.list(''), [{ path: 'inside', isDir: true }])
  assert.deepEqual(await readdir(outside), ['secret'])
  assert.equal(await readFile(join(outside, 'secret'), 'utf8'), 'secret')
})

test('removing a folder removes links in it, not what they lead to', async () => {
  const outside = await mkdtemp(join(folder, 'outside-'))
  await writeFile(join(outside, 'secret'), 'secret')
  await put('d/a', 'x')
  await symlink(outside, join(root, 'd', 'link'))
  await artifacts.remove('d')
  assert.deepEqual(await readdir(outside), ['secret'])
})

test('two uploads to one path at once leave one of them whole', async () => {
  const big = (letter: string) => Readable.from(Array.from({ length: 64 }, () => letter.repeat(10_000)))
  await Promise.all([artifacts.write('a', big('x')), artifacts.write('a', big('y'))])
  assert.match(await get('a'), /^(x{640000}|y{640000})$/)
})
