import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { DecisionLog } from './decision-log.ts'
import type { Durability } from './group-writer.ts'
import { codeIs, decisionOf, labelOf, shadowOf } from './log.fixture.ts'

/** Opens a log on one piece of ground, the same at each call, as replicas and restarts do. */
export type OpenLog = (durability?: Durability) => Promise<DecisionLog>

/** What every `DecisionLog` must do. `prepare` gives the way to open one on new, empty ground. */
export function decisionLogContract(name: string, prepare: () => Promise<OpenLog>): void {
  describe(`${name} keeps the contract of the decision log`, () => {
    const given = { log: undefined as unknown as DecisionLog, open: undefined as unknown as OpenLog }
    before(async () => {
      given.open = await prepare()
      given.log = await given.open()
    })
    after(() => given.log.close())
    decisionContract(given)
    groupContract(given)
    durabilityContract(given)
    labelContract(given)
  })
}

interface Given {
  readonly log: DecisionLog
  readonly open: OpenLog
}

function decisionContract(given: Given): void {
  test('gives back a decision as it was stored, to the last bit', async () => {
    const decision = decisionOf('bit', {
      transactionJson: '{"note":"a\\u0000b\\\\ \\"é\\" {,}","n":1e400}',
      entity: 'ü"\\,{}',
      probability: 0.1 + 0.2,
      experiment: 'e-1',
    })
    assert.deepEqual(await given.log.record([decision]), [decision])
    assert.deepEqual(await given.log.find('bit'), decision)
    assert.deepEqual(await given.log.getDecision('bit'), { ...decision, shadow: null, labels: [] })
    const bare = decisionOf('bare', { entity: null, eventTime: null })
    await given.log.record([bare])
    assert.deepEqual(await given.log.find('bare'), bare)
  })

  test('keeps the first decision of a transaction id, within a call, between calls and logs', async () => {
    const first = decisionOf('first', { probability: 0.1 })
    const second = decisionOf('first', { probability: 0.9, modelVersion: '2' })
    const within = await given.log.record([first, second])
    const between = await Promise.all([given.log.record([second]), given.log.record([decisionOf('first')])])
    assert.deepEqual([...within, ...between.flat()], [first, first, first, first])
    const other = await given.open()
    assert.deepEqual(await other.record([second]), [first])
    await other.close()
  })

  test('many logs that record the same ids at once agree on every one', async () => {
    const logs = await Promise.all([given.open(), given.open(), given.open()])
    const answers = await Promise.all(
      logs.flatMap((log, version) =>
        Array.from({ length: 40 }, async (_, i) => {
          const id = `race-${version === 1 ? 39 - i : i}`
          const [decision] = await log.record([decisionOf(id, { modelVersion: String(version) })])
          return [id, decision!.modelVersion] as const
        }),
      ),
    )
    const winners = new Map(answers)
    for (const [id, version] of answers) assert.equal(version, winners.get(id))
    for (const [id, version] of winners) assert.equal((await given.log.find(id))?.modelVersion, version)
    await Promise.all(logs.map((log) => log.close()))
  })

  test('a shadow score stands beside its decision, the first one of a transaction', async () => {
    await given.log.record([decisionOf('shadowed')])
    await given.log.addShadows([shadowOf('shadowed'), shadowOf('shadowed', { probability: 0.1 })])
    await given.log.addShadows([shadowOf('shadowed', { probability: 0.2 })])
    assert.deepEqual((await given.log.getDecision('shadowed')).shadow, shadowOf('shadowed'))
  })

  test('an unknown transaction has no decision', async () => {
    assert.equal(await given.log.find('nobody'), undefined)
    await assert.rejects(given.log.getDecision('nobody'), codeIs('DECISION_NOT_FOUND'))
  })
}

function groupContract(given: Given): void {
  test('what came at once is stored together, each caller with its own answer', async () => {
    await given.log.record([decisionOf('group-7', { probability: 0.7 })])
    const commits: number[] = []
    const log = await given.open()
    log.onCommit(({ decisions }) => commits.push(decisions))
    const calls = Array.from({ length: 60 }, (_, i) =>
      log.record([decisionOf(`group-${i}`), decisionOf(`group-${i}-b`)]),
    )
    assert.equal(log.depth, 120)
    const answers = await Promise.all(calls)
    assert.deepEqual(answers[7], [decisionOf('group-7', { probability: 0.7 }), decisionOf('group-7-b')])
    assert.deepEqual(answers[59], [decisionOf('group-59'), decisionOf('group-59-b')])
    assert.deepEqual([commits, log.depth], [[120], 0])
    await log.close()
  })

  test('a call that cannot be stored fails alone and whole', async () => {
    const broken = decisionOf('broken', { probability: Number.NaN })
    const calls = [
      given.log.record([decisionOf('sound-1')]),
      given.log.record([decisionOf('half'), broken]),
      given.log.record([decisionOf('sound-2')]),
    ]
    const ends = await Promise.allSettled(calls)
    assert.deepEqual(
      ends.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.ok(codeIs('STORAGE_FAILED')((ends[1] as PromiseRejectedResult).reason))
    assert.equal(await given.log.find('half'), undefined)
    assert.equal((await given.log.find('sound-2'))?.transactionId, 'sound-2')
  })

  test('an empty call and a probe are answered', async () => {
    assert.deepEqual(await given.log.record([]), [])
    await given.log.checkWritable()
  })
}

function durabilityContract(given: Given): void {
  test('sync gives each call a commit of its own', async () => {
    const log = await given.open('sync')
    const commits: number[] = []
    log.onCommit(({ decisions }) => commits.push(decisions))
    await Promise.all(Array.from({ length: 5 }, (_, i) => log.record([decisionOf(`sync-${i}`)])))
    assert.deepEqual([log.durability, commits], ['sync', [1, 1, 1, 1, 1]])
    await log.close()
  })

  test('async answers before the disk, and a close stores all', async () => {
    const log = await given.open('async')
    const decision = decisionOf('async')
    assert.deepEqual(await log.record([decision]), [decision])
    assert.equal(log.depth, 1)
    await Promise.all(Array.from({ length: 5000 }, (_, i) => log.record([decisionOf(`async-${i}`)])))
    await log.close()
    assert.deepEqual(await given.log.find('async'), decision)
    assert.equal((await given.log.find('async-4999'))?.transactionId, 'async-4999')
  })

  test('async holds twenty thousand decisions; a call beyond them waits for the disk', async () => {
    const log = await given.open('async')
    let answered = 0
    const calls = Array.from({ length: 21_000 }, async (_, i) => {
      await log.record([decisionOf(`bound-${i}`)])
      answered++
    })
    await Promise.resolve().then(() => {})
    await new Promise(process.nextTick)
    assert.deepEqual([answered, log.depth], [20_000, 21_000])
    await Promise.all(calls)
    await log.close()
    assert.equal((await given.log.find('bound-20999'))?.transactionId, 'bound-20999')
  })

  test('a close stores what waits and refuses what comes later', async () => {
    const log = await given.open()
    const waiting = log.record([decisionOf('waiting')])
    await log.close()
    assert.deepEqual(await waiting, [decisionOf('waiting')])
    await assert.rejects(log.record([decisionOf('late')]), codeIs('STORAGE_FAILED'))
    await assert.rejects(log.checkWritable(), codeIs('STORAGE_FAILED'))
    await log.close()
    assert.equal((await given.log.find('waiting'))?.transactionId, 'waiting')
  })
}

function labelContract(given: Given): void {
  test('adds labels in order, corrections included, and a repeated one once', async () => {
    const { log } = given
    await log.record([decisionOf('labelled')])
    const first = labelOf('labelled')
    const correction = labelOf('labelled', { isFraud: false, source: 'review', labelTime: 1_735_000_000 })
    const receipts = [
      await log.addLabels([first, correction]),
      await log.addLabels([first]),
      await log.addLabels([first, correction, correction]),
    ]
    assert.deepEqual(receipts, [
      { added: [first, correction], repeated: 0, unknown: 0, delays: [310_399.75, -689_600.25] },
      { added: [], repeated: 1, unknown: 0, delays: [] },
      { added: [], repeated: 3, unknown: 0, delays: [] },
    ])
    assert.deepEqual((await log.getDecision('labelled')).labels, [first, correction])
  })

  test('a repeated label without a time says nothing new, a changed one does', async () => {
    const { log } = given
    const assumed = (isFraud: boolean, receivedAt: number) =>
      labelOf('assumed', { isFraud, isTimeAssumed: true, labelTime: receivedAt, receivedAt })
    const receipt = async (...labels: ReturnType<typeof assumed>[]) =>
      (await log.addLabels(labels)).added.length
    const counts = [
      await receipt(assumed(true, 1), assumed(true, 1)),
      await receipt(assumed(true, 2)),
      await receipt(assumed(false, 3), assumed(true, 4), assumed(true, 5)),
    ]
    assert.deepEqual(counts, [1, 0, 2])
  })

  test('a label is so late after the event, and one without a time after the decision', async () => {
    const { log } = given
    await log.record([
      decisionOf('late', { eventTime: 1000, createdAt: 5000 }),
      decisionOf('timeless', { eventTime: null, createdAt: 5000 }),
    ])
    const { delays } = await log.addLabels([
      labelOf('late', { labelTime: 1500 }),
      labelOf('late', { labelTime: 5300, isTimeAssumed: true, source: 'review' }),
      labelOf('timeless', { labelTime: 5700 }),
      labelOf('never decided'),
    ])
    assert.deepEqual(delays, [500, 300, 700])
  })

  test('keeps and counts a label that comes before its decision', async () => {
    const { log } = given
    const label = labelOf('early')
    assert.deepEqual(await log.addLabels([label]), { added: [label], repeated: 0, unknown: 1, delays: [] })
    await assert.rejects(log.getDecision('early'), codeIs('DECISION_NOT_FOUND'))
    await log.record([decisionOf('early')])
    assert.deepEqual((await log.getDecision('early')).labels, [label])
  })

  test('labels by the thousand, with callers beside them, are all there once', async () => {
    const { log } = given
    const labels = Array.from({ length: 1500 }, (_, i) => labelOf(`many-${i % 1400}`))
    const [receipt, repeated] = await Promise.all([
      log.addLabels(labels),
      log.addLabels([labelOf('many-3')]),
      log.record([decisionOf('beside')]),
    ])
    assert.equal(receipt.added.length + repeated.added.length, 1400)
    assert.equal(receipt.repeated + repeated.repeated, 101)
  })
}
