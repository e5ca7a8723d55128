import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { userLine } from '../tracking/index.ts'
import { type AccessSettings, openAccess } from './open-access.ts'

const key = (value: string) => ({ headers: { 'x-api-key': value } })
const nobody = () => ({ headers: {} })

test('without a credential there is no policy, and none to switch reading off', () => {
  assert.equal(openAccess({}), undefined)
  for (const anonymous of ['none', 'read'] as const) {
    assert.throws(() => openAccess({ anonymous }), /FDS_ANONYMOUS must be set together with FDS_API_KEY/)
  }
})

test('FDS_API_KEY alone guards what changes state; whatever more is set guards reading too', async () => {
  const may = async (settings: AccessSettings) => {
    const access = openAccess(settings)!
    return [await access.judge(nobody(), 'read'), await access.judge(nobody(), 'write')]
  }
  assert.deepEqual(await may({ apiKey: 'a' }), ['granted', 'unknown'])
  assert.deepEqual(await may({ apiKey: 'a', anonymous: 'none' }), ['unknown', 'unknown'])
  assert.deepEqual(await may({ apiKey: 'a', readApiKey: 'b' }), ['unknown', 'unknown'])
  assert.deepEqual(await may({ apiKey: 'a', readApiKey: 'b', anonymous: 'read' }), ['granted', 'unknown'])
})

test('the two keys have the two roles, and may not be one', async () => {
  const access = openAccess({ apiKey: 'a', readApiKey: 'b' })!
  assert.equal(await access.judge(key('a'), 'write'), 'granted')
  assert.equal(await access.judge(key('b'), 'read'), 'granted')
  assert.equal(await access.judge(key('b'), 'write'), 'forbidden')
  assert.throws(
    () => openAccess({ apiKey: 'secret', readApiKey: 'secret' }),
    (error: Error) => {
      return /FDS_READ_API_KEY must be another key/.test(error.message) && !error.message.includes('secret')
    },
  )
})

test('users come from a file; one that cannot be read or holds nobody is refused', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fds-access-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const usersFile = join(folder, 'users')
  assert.throws(() => openAccess({ usersFile }), /FDS_USERS_FILE must be a file that can be read/)
  writeFileSync(usersFile, '# nobody yet\n')
  assert.throws(() => openAccess({ usersFile }), /users file .* got no user/)
  const password = 'correct horse battery'
  writeFileSync(usersFile, await userLine({ name: 'bob', role: 'read', password }, Buffer.alloc(16, 1)))
  const access = openAccess({ usersFile })!
  const authorization = `Basic ${Buffer.from(`bob:${password}`).toString('base64')}`
  assert.equal(await access.judge({ headers: { authorization } }, 'read'), 'granted')
  assert.equal(await access.judge({ headers: { authorization } }, 'write'), 'forbidden')
  assert.equal(await access.judge(nobody(), 'read'), 'unknown')
})
