import { type Kysely, sql, type Transaction } from 'kysely'
import type { Tables } from './tables.ts'

type Work<T> = (trx: Transaction<Tables>) => Promise<T>

interface Job {
  readonly work: Work<unknown>
  readonly resolve: (result: never) => void
  readonly reject: (error: unknown) => void
}

/**
 * Makes many writers share one disk sync: whatever asks to be written while a transaction runs goes together into
 * the next one. Each of several works is a savepoint, so that one that fails leaves nothing behind and disturbs no
 * other, and none resolves before the transaction is on disk.
 */
export function createGroupWrite(writer: Kysely<Tables>): <T>(work: Work<T>) => Promise<T> {
  let waiting: Job[] = []
  let isRunning = false

  const run = async (): Promise<void> => {
    isRunning = true
    while (waiting.length > 0) {
      const jobs = waiting
      waiting = []
      await commit(writer, jobs)
    }
    isRunning = false
  }
  return (work) =>
    new Promise((resolve, reject) => {
      waiting.push({ work, resolve, reject })
      if (!isRunning) void run()
    })
}

async function commit(writer: Kysely<Tables>, jobs: readonly Job[]): Promise<void> {
  // a savepoint keeps a copy of every page that is changed, which a work alone does not need
  if (jobs.length === 1) return commitAlone(writer, jobs[0]!)
  const settled: (() => void)[] = []
  try {
    await writer.transaction().execute(async (trx) => {
      for (const job of jobs) settled.push(await attempt(trx, job))
    })
  } catch (error) {
    // nothing of the transaction was kept, whatever each work believes
    for (const { reject } of jobs) reject(error)
    return
  }
  for (const settle of settled) settle()
}

async function commitAlone(writer: Kysely<Tables>, { work, resolve, reject }: Job): Promise<void> {
  try {
    resolve((await writer.transaction().execute(work)) as never)
  } catch (error) {
    reject(error)
  }
}

async function attempt(trx: Transaction<Tables>, { work, resolve, reject }: Job): Promise<() => void> {
  await sql`savepoint work`.execute(trx)
  try {
    const result = await work(trx)
    await sql`release work`.execute(trx)
    return () => resolve(result as never)
  } catch (error) {
    // fails itself where a full disk has ended the transaction, and then all of it is lost
    await sql`rollback to work`.execute(trx)
    await sql`release work`.execute(trx)
    return () => reject(error)
  }
}
