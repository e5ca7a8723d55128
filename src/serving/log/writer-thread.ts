// The thread that writes the decision log: takes one group after another and answers when it is on disk.
import { parentPort, workerData } from 'node:worker_threads'
import { CLOSE, type WriteGroup, type Writer, type WriterTarget } from './writer-messages.ts'

const port = parentPort!
const writer = await open(workerData as WriterTarget)

// one group is sent after the answer to the one before
port.on('message', async (message: WriteGroup | typeof CLOSE) => {
  if (message !== CLOSE) port.postMessage(await writer.write(message))
  else {
    await writer.close()
    port.close()
  }
})

async function open(target: WriterTarget): Promise<Writer> {
  if (target.databaseUrl === undefined)
    return (await import('./sqlite-writer.ts')).createSqliteWriter(target.file)
  return (await import('./postgres-writer.ts')).createPostgresWriter(target.databaseUrl)
}
