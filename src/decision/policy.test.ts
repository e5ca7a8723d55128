import assert from 'node:assert/strict'
import test from 'node:test'
import { FdsError } from '../errors.ts'
import { createPolicy, DEFAULT_POLICY, type PolicyInput, parsePolicy } from './policy.ts'

const stored = (changes: object) => ({ ...JSON.parse(JSON.stringify(DEFAULT_POLICY)), ...changes })
const refusal = (reason: RegExp) => (error: unknown) =>
  error instanceof FdsError && error.code === 'POLICY_INVALID' && reason.test(error.message)

test('the default policy is the specified one', () => {
  assert.deepEqual(DEFAULT_POLICY, {
    version: 'p-2eb58a20',
    thresholds: { verify: 0.18, hold: 0.4, block: 0.65 },
    threshold: 0.18,
    costs: { fn: 100, fp: 1 },
  })
})

test('what is not given is as in the default', () => {
  const policy = createPolicy({ thresholds: { block: 0.9 }, costs: { fn: 50 } })
  assert.deepEqual(policy.thresholds, { verify: 0.18, hold: 0.4, block: 0.9 })
  assert.deepEqual(policy.costs, { fn: 50, fp: 1 })
  assert.equal(policy.threshold, 0.18)
})

test('the version depends on the content alone', () => {
  assert.equal(createPolicy({ threshold: 0.18 }).version, DEFAULT_POLICY.version)
  const changes: PolicyInput[] = [
    { thresholds: { verify: 0.1 } },
    { thresholds: { hold: 0.5 } },
    { thresholds: { block: 0.7 } },
    { threshold: 0.2 },
    { costs: { fn: 99 } },
    { costs: { fp: 2 } },
  ]
  const versions = new Set([DEFAULT_POLICY.version, ...changes.map((change) => createPolicy(change).version)])
  assert.equal(versions.size, 7)
  for (const version of versions) assert.match(version, /^p-[0-9a-f]{8}$/)
})

test('a policy is frozen to its leaves', () => {
  const policy = createPolicy()
  assert.ok([policy, policy.thresholds, policy.costs].every(Object.isFrozen))
})

test('thresholds may be equal and reach 0 and 1, but must be in order and in range', () => {
  assert.deepEqual(createPolicy({ thresholds: { verify: 0, hold: 0, block: 1 } }).thresholds, {
    verify: 0,
    hold: 0,
    block: 1,
  })
  const wrong: [PolicyInput, RegExp][] = [
    [{ thresholds: { verify: 0.5 } }, /ordered verify ≤ hold ≤ block, got 0.5, 0.4, 0.65/],
    [{ thresholds: { block: 0.3 } }, /ordered/],
    [{ thresholds: { verify: -0.1 } }, /"verify" must be a number from 0 to 1, got -0.1/],
    [{ thresholds: { block: 1.1 } }, /"block"/],
    [{ thresholds: { hold: Number.NaN } }, /"hold".*got NaN/],
    [{ threshold: 2 }, /"threshold"/],
    [{ costs: { fn: -1 } }, /cost "fn"/],
    [{ costs: { fp: Infinity } }, /cost "fp"/],
  ]
  for (const [input, reason] of wrong) assert.throws(() => createPolicy(input), refusal(reason))
})

test('a stored policy comes back equal', () => {
  const policy = createPolicy({ thresholds: { verify: 0.05 }, threshold: 0.3, costs: { fp: 0 } })
  assert.deepEqual(parsePolicy(JSON.parse(JSON.stringify(policy))), policy)
})

test('a stored policy with anything missing, added, of the wrong kind or edited is refused by name', () => {
  const wrong: [unknown, RegExp][] = [
    [null, /must be an object/],
    [[], /must be an object/],
    ['p-1', /must be an object/],
    [stored({ extra: 1 }), /no field "extra"/],
    [stored({ version: undefined }), /must hold "version"/],
    [stored({ version: 'p-00000000' }), /"version" must be p-2eb58a20/],
    [stored({ threshold: null }), /"threshold" must be a number/],
    [stored({ threshold: '0.18' }), /"threshold" must be a number/],
    [stored({ threshold: 0.2 }), /"version" must be p-/],
    [stored({ thresholds: { verify: 0.18, hold: 0.4 } }), /"thresholds" must hold "block"/],
    [stored({ thresholds: { verify: 0.18, hold: 0.4, block: 0.65, deny: 1 } }), /no field "deny"/],
    [stored({ thresholds: 0.18 }), /"thresholds" must be an object/],
    [stored({ costs: { fn: '100', fp: 1 } }), /cost "fn"/],
    [stored({ costs: { fn: 100, fp: null } }), /cost "fp"/],
  ]
  for (const [json, reason] of wrong) assert.throws(() => parsePolicy(json), refusal(reason))
})
