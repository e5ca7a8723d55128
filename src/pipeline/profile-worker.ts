// A thread that profiles columns of files: takes one task after another and answers with the columns.
import { parentPort, workerData } from 'node:worker_threads'
import { FdsError } from '../errors.ts'
import { ColumnProfiler, type ProfileTask } from './profile-columns.ts'
import { CLOSE, type ProfileAnswer } from './profile-messages.ts'

const port = parentPort!
const profiler = new ColumnProfiler(workerData as number)

port.on('message', async (message: ProfileTask | typeof CLOSE) => {
  if (message !== CLOSE) port.postMessage(await answer(message))
  else {
    await profiler[Symbol.asyncDispose]()
    process.exit()
  }
})

async function answer(task: ProfileTask): Promise<ProfileAnswer> {
  try {
    return { columns: await profiler.run(task) }
  } catch (error) {
    return error instanceof FdsError ? { code: error.code, details: error.details } : { failure: error }
  }
}
