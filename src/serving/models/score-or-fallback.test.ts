import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import test from 'node:test'
import { pino } from 'pino'
import type { Arm } from '../../monitoring/experiments/assign.ts'
import { fixtureModel } from './model.fixture.ts'
import type { ServedModel } from './model-source.ts'
import { createFallback, type Fallback, type FallbackReason, type StandIn } from './score-or-fallback.ts'
import { createScorer, type Scorer } from './scorer.ts'

const { files } = fixtureModel()
const PAYMENT = { amount: 4321.5, customer_id: 'customer-7', category: 'travel' }

function served(arm: Arm, version: string, score?: Scorer['score']): ServedModel {
  const scorer = createScorer({ name: 'fraud_detector', version, files })
  const given = score ? { ...scorer, score } : scorer
  return { arm, scorer: given, runId: 'r', metrics: {}, registeredAt: 0, loadedAt: 0, loadSeconds: 0 }
}

/** A model whose trees lead nowhere: what a broken kernel or a bug would do. */
const broken = (arm: Arm, version: string) =>
  served(arm, version, (transaction) => {
    throw new TypeError(`cannot read node of ${JSON.stringify(transaction)}`)
  })

function fallbackOf(mode: Fallback, models: { champion?: ServedModel; previous?: ServedModel }) {
  const counted: [FallbackReason, StandIn][] = []
  const lines: string[] = []
  const sink = new Writable({
    write: (chunk, _, done) => {
      lines.push(String(chunk))
      done()
    },
  })
  const score = createFallback({
    models: {
      name: 'fraud_detector',
      served: (arm) => (arm === 'champion' ? models.champion : undefined),
      previous: () => models.previous,
      trouble: () => undefined,
    },
    mode,
    logger: pino(sink),
    onFallback: (...what) => counted.push(what),
  })
  return { score, counted, lines }
}

test('a model that works decides, and nothing is counted', () => {
  const champion = served('champion', '2')
  const { score, counted, lines } = fallbackOf('closed', { champion })
  const { probability, modelVersion, fellBack } = score(champion, PAYMENT)
  assert.equal(probability, champion.scorer.score(PAYMENT).probability)
  assert.deepEqual(
    { modelVersion, fellBack, counted, lines },
    { modelVersion: '2', fellBack: false, counted: [], lines: [] },
  )
})

test('what is wrong with the transaction is the caller’s to mend, whatever fallback is declared', () => {
  const champion = served('champion', '2')
  const { score, counted } = fallbackOf('open', { champion, previous: served('champion', '1') })
  assert.throws(() => score(champion, { amount: 'x' }), { code: 'TRANSACTION_INVALID' })
  assert.throws(() => score(champion, { colour: 'red' }), { code: 'FEATURES_MISMATCH' })
  assert.deepEqual(counted, [])
})

test('a challenger that fails leaves the decision to the champion', () => {
  const champion = served('champion', '2')
  const { score, counted } = fallbackOf('none', { champion })
  const verdict = score(broken('challenger', '3'), PAYMENT)
  assert.deepEqual([verdict.arm, verdict.modelVersion, verdict.fellBack], ['champion', '2', true])
  assert.deepEqual(counted, [['threw', 'champion']])
})

test('a champion that fails leaves it to the version before, and the cause is told once without the payment', () => {
  const champion = broken('champion', '2')
  const { score, counted, lines } = fallbackOf('none', { champion, previous: served('champion', '1') })
  for (let i = 0; i < 3; i++) assert.equal(score(champion, PAYMENT).modelVersion, '1')
  assert.deepEqual(counted, Array(3).fill(['threw', 'previous']))
  assert.equal(lines.length, 1)
  assert.match(lines[0]!, /TypeError/)
  assert.doesNotMatch(lines[0]!, /4321|customer-7/)
})

test('a score that is no probability is a failure', () => {
  for (const probability of [Number.NaN, -0.1, 1.1, Number.POSITIVE_INFINITY]) {
    const champion = served('champion', '2', () => ({ probability, riskLevel: 'approve' }))
    const { score, counted } = fallbackOf('closed', { champion })
    assert.equal(score(champion, PAYMENT).riskLevel, 'block')
    assert.deepEqual(counted, [['not_a_probability', 'closed']])
  }
})

test('the declared answer comes when no model is left: approve, block, or 503', () => {
  const champion = broken('champion', '2')
  const models = { champion, previous: broken('champion', '1') }
  const answer = (mode: Fallback) => {
    const { arm, modelName, modelVersion, riskLevel, probability } = fallbackOf(mode, models).score(
      champion,
      PAYMENT,
    )
    return { arm, modelName, modelVersion, riskLevel, probability }
  }
  const common = { arm: 'champion', modelName: 'fallback' }
  assert.deepEqual(answer('open'), {
    ...common,
    modelVersion: 'fail_open',
    riskLevel: 'approve',
    probability: 0,
  })
  assert.deepEqual(answer('closed'), {
    ...common,
    modelVersion: 'fail_closed',
    riskLevel: 'block',
    probability: 1,
  })
  assert.throws(() => answer('none'), { code: 'MODEL_FAILED', status: 503 })
})

test('where there is no model at all, the declared answer comes too, else why there is none', () => {
  const { score, counted } = fallbackOf('open', {})
  assert.equal(score(undefined, PAYMENT).modelVersion, 'fail_open')
  assert.deepEqual(counted, [['no_model', 'open']])
  assert.throws(() => fallbackOf('none', {}).score(undefined, PAYMENT), { code: 'NO_CHAMPION' })
})
