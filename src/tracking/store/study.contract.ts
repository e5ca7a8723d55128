import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LIMITS } from '../protocol/limits.ts'
import { type ContractFixtures, refused } from './contract.fixture.ts'

/** What every store does with the logs that the workers of studies share. */
export function studyContract(given: ContractFixtures): void {
  let ids = 0
  const operation = (kind = 'start') => JSON.stringify({ id: ++ids, kind })
  const sync = (studyName: string, more: { worker?: number; after?: number; operations?: string[] } = {}) =>
    given.store.syncStudy({ studyName, operations: [], ...more })

  test('a study begins empty, and its first worker is number 1', async () => {
    const answer = await sync(given.unique('study'))
    assert.deepEqual([answer.worker, answer.entries, answer.hasMore], [1, [], false])
    assert.equal(answer.workers[0]?.worker, 1)
  })

  test('what workers append comes to each of them, once, in one order, with who and when', async () => {
    const name = given.unique('study')
    const [a, b] = [(await sync(name)).worker, (await sync(name)).worker]
    const sent = [operation(), operation(), operation()]
    await sync(name, { worker: a, operations: sent.slice(0, 2) })
    const { entries } = await sync(name, { worker: b, operations: sent.slice(2) })
    assert.deepEqual(
      entries.map((entry) => [entry.sequence, entry.worker, entry.operation]),
      [
        [1, a, sent[0]],
        [2, a, sent[1]],
        [3, b, sent[2]],
      ],
    )
    assert.ok(entries.every((entry) => entry.time > 0))
    const later = await sync(name, { worker: a, after: 2 })
    assert.deepEqual(later.entries, entries.slice(2))
  })

  test('workers that append at once leave no gap and no double', async () => {
    const name = given.unique('study')
    const workers = await Promise.all(Array.from({ length: 8 }, async () => (await sync(name)).worker))
    assert.deepEqual(workers.toSorted(), [1, 2, 3, 4, 5, 6, 7, 8])
    await Promise.all(
      workers.flatMap((worker) =>
        Array.from({ length: 5 }, () => sync(name, { worker, operations: [operation(), operation()] })),
      ),
    )
    const { entries } = await sync(name, { worker: 1 })
    assert.deepEqual(
      entries.map((entry) => entry.sequence),
      Array.from({ length: 80 }, (_, index) => index + 1),
    )
    assert.equal(new Set(entries.map((entry) => entry.operation)).size, 80)
  })

  test('a long log comes in pages', async () => {
    const name = given.unique('study')
    const operations = Array.from({ length: LIMITS.studyOperations }, () => operation())
    for (let count = 0; count < 6; count++) await sync(name, { operations })
    const first = await sync(name, { worker: 1 })
    assert.deepEqual([first.entries.length, first.hasMore], [LIMITS.studyEntries, true])
    const rest = await sync(name, { worker: 1, after: LIMITS.studyEntries })
    assert.deepEqual([rest.entries.length, rest.hasMore], [1000, false])
  })

  test('a junk operation, too many, a worker that nobody is and a blank name are refused', async () => {
    const name = given.unique('study')
    for (const junk of [
      '',
      '{',
      'null',
      '[]',
      '7',
      '{"id":0,"kind":"x"}',
      '{"id":1}',
      '{"id":"1","kind":"x"}',
    ]) {
      await refused('INVALID_PARAMETER_VALUE', sync(name, { operations: [junk] }))
    }
    const many = Array.from({ length: LIMITS.studyOperations + 1 }, () => operation())
    await refused('INVALID_PARAMETER_VALUE', sync(name, { operations: many }))
    await refused('INVALID_PARAMETER_VALUE', sync(name, { worker: 7, operations: [operation()] }))
    await refused('INVALID_PARAMETER_VALUE', sync(name, { after: -1 }))
    await refused('INVALID_PARAMETER_VALUE', sync('  '))
    await refused('INVALID_PARAMETER_VALUE', sync('x'.repeat(LIMITS.studyName + 1)))
    assert.deepEqual((await sync(name)).entries, [])
  })
}
