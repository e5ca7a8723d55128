import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAccess } from '../../tracking/server/access.ts'
import { fixtureApp } from './app.fixture.ts'

const POSTS = ['start', 'ramp', 'stop', 'promote', 'rollback'].map((name) => `/ab-test/${name}`)
const JUNK: readonly unknown[] = [
  [],
  [1],
  'text',
  0,
  true,
  { unknown: 1 },
  { reason: 1 },
  { reason: 'x'.repeat(1001) },
  { coverage: '1' },
  { coverage: null },
  { traffic_split: {} },
  { min_samples: [] },
  { mode: 'canary' },
  { primary: 'auc' },
  { guardrails: 1 },
  { guardrails: { cost: 'a' } },
  { guardrails: { unknown: 0 } },
  { auto_promote: 'yes' },
  { force: 1 },
  { toString: 1 },
]

test('a bad body is refused by name and never a fault', async (t) => {
  const { app } = fixtureApp(t)
  for (const url of POSTS) {
    for (const body of JUNK) {
      const answer = await app.inject({
        method: 'POST',
        url,
        payload: JSON.stringify(body),
        headers: JSON_TYPE,
      })
      assert.equal(answer.statusCode, 400, `${url} ${JSON.stringify(body)} ${answer.body}`)
      assert.equal(answer.json().error.code, 'REQUEST_INVALID')
    }
    for (const payload of ['{', '{"coverage":1e999}', '{"__proto__":{}}', '\xff']) {
      const answer = await app.inject({ method: 'POST', url, payload, headers: JSON_TYPE })
      assert.equal(answer.statusCode, 400, `${url} ${payload} ${answer.body}`)
    }
  }
})

test('what changes state needs the role to write', async (t) => {
  const access = createAccess({ apiKeys: [{ name: 'reader', role: 'read', key: 'r' }], anonymous: 'read' })
  const { app } = fixtureApp(t, { access })
  for (const url of POSTS) {
    assert.equal((await app.inject({ method: 'POST', url, payload: {} })).statusCode, 401)
    const reader = { 'x-api-key': 'r' }
    assert.equal((await app.inject({ method: 'POST', url, payload: {}, headers: reader })).statusCode, 403)
  }
})

test('a service without a store of A/B tests says so', async (t) => {
  const { app } = fixtureApp(t)
  for (const url of ['/ab-test/status', '/ab-test/report']) {
    const answer = await app.inject(url)
    assert.deepEqual([answer.statusCode, answer.json().error.code], [503, 'STORAGE_FAILED'])
  }
})

const JSON_TYPE = { 'content-type': 'application/json' }
