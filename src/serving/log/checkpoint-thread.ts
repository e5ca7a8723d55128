// The thread that moves SQLite's write-ahead log into the file, so that no commit has to.
import { parentPort, workerData } from 'node:worker_threads'
import { openSqlite } from '../../tracking/store/sqlite-dialect.ts'

const TRIES = 50
const PAUSE_MS = 2

const port = parentPort!
const database = openSqlite(workerData as string, 5000, 0)
database.exec('pragma busy_timeout = 0')
const passive = database.prepare('pragma wal_checkpoint(passive)')
const restart = database.prepare('pragma wal_checkpoint(restart)')
const never = new Int32Array(new SharedArrayBuffer(4))

port.on('message', (message: 'move' | 'close') => {
  if (message === 'move') {
    checkpoint()
    port.postMessage('moved')
  } else {
    database.close()
    process.exit()
  }
})

/**
 * Most of the log is moved while others write. Then, for the short rest, the write lock is needed for a moment, so that
 * the log begins anew; others hold it often and readers may stand in the way, hence the tries. What stays is the
 * next call's.
 */
function checkpoint(): void {
  try {
    passive.get()
    for (let i = 0; i < TRIES && restart.get()?.['busy'] !== 0; i++) Atomics.wait(never, 0, 0, PAUSE_MS)
  } catch {
    // a full disk is reported by the writer, and the log goes on
  }
}
