import assert from 'node:assert/strict'
import test from 'node:test'
import { createAccess } from '../../tracking/server/access.ts'
import { clientOf, createRateLimiter } from './limit-rate.ts'

function limiterAt(perSecond: number, maxClients?: number) {
  const clock = { now: 1_000_000 }
  const options = maxClients === undefined ? {} : { maxClients }
  return { clock, limiter: createRateLimiter({ perSecond, now: () => clock.now, ...options }) }
}

test('a client may burst to a second’s worth, then waits for the bucket to fill', () => {
  const { clock, limiter } = limiterAt(3)
  assert.deepEqual(
    [1, 2, 3, 4].map(() => limiter.take('a')),
    [0, 0, 0, 1],
  )
  assert.equal(limiter.take('b'), 0, 'another client has a bucket of its own')
  clock.now += 334
  assert.deepEqual([limiter.take('a'), limiter.take('a')], [0, 1])
  clock.now += 3_600_000
  assert.deepEqual(
    [1, 2, 3, 4].map(() => limiter.take('a')),
    [0, 0, 0, 1],
    'an hour of silence saves up no more',
  )
})

test('less than one a second is told in whole seconds', () => {
  const { clock, limiter } = limiterAt(0.1)
  assert.deepEqual([limiter.take('a'), limiter.take('a')], [0, 10])
  clock.now += 4000
  assert.equal(limiter.take('a'), 6)
})

test('a clock that jumps gives at most one burst and takes nothing away', () => {
  const { clock, limiter } = limiterAt(2)
  assert.deepEqual([limiter.take('a'), limiter.take('a'), limiter.take('a')], [0, 0, 1])
  clock.now -= 86_400_000
  assert.equal(limiter.take('a'), 1)
  clock.now += 500
  assert.equal(limiter.take('a'), 0, 'time goes on from where the clock was set')
  clock.now += 86_400_000
  assert.deepEqual([limiter.take('a'), limiter.take('a'), limiter.take('a')], [0, 0, 1])
})

test('the memory is bounded: the client that was silent longest is forgotten', () => {
  const { limiter } = limiterAt(1, 2)
  for (const client of ['a', 'b']) limiter.take(client)
  assert.equal(limiter.take('a'), 1)
  limiter.take('c')
  assert.equal(limiter.take('a'), 1, 'a asked after b, so b made room')
  assert.equal(limiter.take('b'), 0)
})

test('a client is a credential that was let in, else an address', async () => {
  const socket = { remoteAddress: '10.0.0.1' }
  const access = createAccess({ apiKeys: [{ name: 'ci', role: 'read', key: 'k' }], anonymous: 'none' })
  const known = { headers: { 'x-api-key': 'k' }, socket }
  await access.judge(known, 'read')
  assert.equal(clientOf(known), 'user ci')
  const invented = { headers: { 'x-api-key': 'other' }, socket }
  await access.judge(invented, 'read')
  assert.equal(clientOf(invented), 'address 10.0.0.1')
})
