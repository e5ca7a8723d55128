// Several processes on one file, a thread that dies, a disk that fills and empties: nothing lost, nothing twice.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { createLogger } from '../../log.ts'
import { createDecisionLog } from './decision-log.ts'
import type { Durability } from './group-writer.ts'
import { codeIs, decisionOf, folderFor } from './log.fixture.ts'
import { openServingFile, servingFile } from './serving-database.ts'

const WRITE = join(import.meta.dirname, '../../../test/fixtures/serving/write-decisions.ts')
const COUNT = 1500

function openLog(home: string, durability: Durability = 'group') {
  return createDecisionLog(openServingFile(home), {
    durability,
    now: Date.now,
    logger: createLogger('silent'),
  })
}

function storedIn(home: string): Map<string, string> {
  const database = new DatabaseSync(servingFile(home), { readOnly: true })
  const rows = database.prepare('select transaction_id, model_version from decisions').all()
  database.close()
  const stored = new Map(rows.map((row) => [row['transaction_id'] as string, row['model_version'] as string]))
  assert.equal(stored.size, rows.length)
  return stored
}

async function write(home: string, name: string): Promise<string[]> {
  const child = spawn(process.execPath, [WRITE, home, name, String(COUNT)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output, [code]] = await Promise.all([text(child.stdout!), once(child, 'exit')])
  assert.equal(code, 0)
  return output.trim().split('\n')
}

test('three processes write one file: every answer is what is stored, and the shared ids have one winner', async (t) => {
  const home = folderFor(t)
  const answers = (await Promise.all(['a', 'b', 'c'].map((name) => write(home, name)))).flat()
  const stored = storedIn(home)
  assert.deepEqual([answers.length, stored.size], [6 * COUNT, 4 * COUNT])
  const wrong = answers.filter((answer) => {
    const [id, version] = answer.split(' ')
    return stored.get(id!) !== version
  })
  assert.deepEqual(wrong, [])
})

test('a thread that dies is started anew, and what it had under way is stored once', async (t) => {
  const home = folderFor(t)
  const threads: Worker[] = []
  const watch = (worker: Worker) => void threads.push(worker)
  process.on('worker', watch)
  t.after(() => process.off('worker', watch))
  const log = openLog(home)
  t.after(() => log.close())
  await log.record([decisionOf('first')])
  for (let round = 0; round < 3; round++) {
    const calls = Array.from({ length: 300 }, (_, i) => log.record([decisionOf(`tx-${round}-${i}`)]))
    await sleep(0)
    await threads.at(-1)!.terminate()
    await Promise.all(calls)
  }
  assert.ok(threads.length > 1)
  assert.equal(storedIn(home).size, 901)
})

/** The system's limit on the size of a file ends a write as a full disk does. */
const limit = (bytes: string) => execFileSync('prlimit', [`--pid=${process.pid}`, `--fsize=${bytes}:`])
const skip = process.platform === 'linux' ? false : 'prlimit is a program of Linux'
test('on a full disk nothing is said to be stored, and when there is room again the log goes on', {
  skip,
}, async (t) => {
  const home = folderFor(t)
  const log = openLog(home)
  t.after(() => log.close())
  await log.record([decisionOf('before')])
  t.after(() => limit('unlimited'))
  limit('200000')
  const large = { transactionJson: JSON.stringify({ merchant: 'x'.repeat(20_000) }) }
  const stored = ['before']
  let refused = 0
  for (let i = 0; refused < 3 && i < 100; i++) {
    await log.record([decisionOf(`tx-${i}`, large)]).then(
      () => stored.push(`tx-${i}`),
      (error) => {
        assert.ok(codeIs('STORAGE_FAILED')(error))
        refused++
      },
    )
  }
  assert.equal(refused, 3)
  assert.deepEqual([...storedIn(home).keys()], stored)
  limit('unlimited')
  await log.record([decisionOf('after', large)])
  assert.deepEqual([...storedIn(home).keys()], [...stored, 'after'])
})

test('what async acknowledged waits for the disk to have room', { skip }, async (t) => {
  const home = folderFor(t)
  const log = openLog(home, 'async')
  t.after(() => log.close())
  t.after(() => limit('unlimited'))
  await log.checkWritable()
  limit('200000')
  const large = { transactionJson: JSON.stringify({ merchant: 'x'.repeat(20_000) }) }
  const ids = Array.from({ length: 20 }, (_, i) => `tx-${i}`)
  for (const id of ids) await log.record([decisionOf(id, large)])
  await assert.rejects(log.checkWritable(), codeIs('STORAGE_FAILED'))
  assert.equal(log.depth, ids.length)
  limit('unlimited')
  await log.checkWritable()
  assert.deepEqual([...storedIn(home).keys()], ids)
})

test('the write-ahead log stays short however fast decisions come', async (t) => {
  const home = folderFor(t)
  const log = openLog(home)
  t.after(() => log.close())
  const large = { transactionJson: JSON.stringify({ merchant: 'x'.repeat(4000) }) }
  let next = 0
  const call = async () => {
    while (next < 40_000) {
      const start = next
      next += 100
      await log.record(Array.from({ length: 100 }, (_, i) => decisionOf(`tx-${start + i}`, large)))
    }
  }
  await Promise.all([call(), call()])
  assert.equal(storedIn(home).size, 40_000)
  const { size } = statSync(`${servingFile(home)}-wal`)
  assert.ok(size < 130e6, `${size} bytes of log beside ${40_000 * 4000} of decisions`)
})
