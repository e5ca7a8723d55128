// The thread that writes the decision log: takes one group after another and answers when it is on disk.
import { parentPort, workerData } from 'node:worker_threads'
import { CLOSE, type WriteGroup, type Writer, type WriterTarget } from './writer-messages.ts'

const port = parentPort!
// not awaited here: Deno drops messages that come before there is a listener
const opening = open(workerData as WriterTarget)

let last: Promise<void> = Promise.resolve()
port.on('message', (message: WriteGroup | typeof CLOSE) => {
  last = last.then(() => handle(message))
})

async function handle(message: WriteGroup | typeof CLOSE): Promise<void> {
  const writer = await opening
  if (message !== CLOSE) {
    port.postMessage(await writer.write(message))
    return
  }
  await writer.close()
  process.exit()
}

async function open(target: WriterTarget): Promise<Writer> {
  if (target.databaseUrl === undefined)
    return (await import('./sqlite-writer.ts')).createSqliteWriter(target.file)
  return (await import('./postgres-writer.ts')).createPostgresWriter(target.databaseUrl)
}
