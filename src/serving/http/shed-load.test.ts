import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '../../log.ts'
import { createLoadJudge, createLoadShedder } from './shed-load.ts'

const CALM = { delayMs: 1, waiting: 0 }

test('requests are refused after three looks beyond a bound, and taken again below half of it', () => {
  const judge = createLoadJudge({ delayMs: 100, waiting: 1000 })
  const late = { delayMs: 150, waiting: 0 }
  assert.deepEqual([late, late, late].map(judge), [undefined, undefined, 'event_loop'])
  assert.equal(judge({ delayMs: 60, waiting: 0 }), 'event_loop', 'between the marks nothing changes')
  assert.equal(judge(CALM), undefined)
  assert.equal(judge({ delayMs: 60, waiting: 0 }), undefined)
})

test('one long pause is no overload', () => {
  const judge = createLoadJudge({ delayMs: 100, waiting: 1000 })
  const looks = [{ delayMs: 5000, waiting: 0 }, CALM, { delayMs: 5000, waiting: 0 }, CALM]
  assert.deepEqual(looks.map(judge), [undefined, undefined, undefined, undefined])
})

test('a log that does not keep up is an overload of its own', () => {
  const judge = createLoadJudge({ delayMs: 100, waiting: 1000 })
  const full = { delayMs: 0, waiting: 1001 }
  assert.deepEqual([full, full, full].map(judge), [undefined, undefined, 'log_queue'])
  assert.equal(judge({ delayMs: 0, waiting: 500 }), 'log_queue')
  assert.equal(judge({ delayMs: 0, waiting: 499 }), undefined)
})

test('the real event loop is measured: a busy one is noticed, and so is its rest', async (t) => {
  const shedder = createLoadShedder({
    waiting: () => 0,
    logger: createLogger('silent'),
    bounds: { delayMs: 20, waiting: 1 },
  })
  t.after(() => shedder.close())
  const deadline = Date.now() + 20_000
  while (shedder.shedding() === undefined && Date.now() < deadline) {
    const end = Date.now() + 120
    while (Date.now() < end);
    await sleep(0)
  }
  assert.equal(shedder.shedding(), 'event_loop')
  while (shedder.shedding() !== undefined && Date.now() < deadline) await sleep(50)
  assert.equal(shedder.shedding(), undefined)
})
