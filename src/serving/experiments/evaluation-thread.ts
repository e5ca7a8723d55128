// The thread that evaluates experiments, so that a million decisions never hold up a request.
import { parentPort, workerData } from 'node:worker_threads'
import { createLogger } from '../../log.ts'
import { openServingDatabase } from '../log/serving-database.ts'
import { evaluateExperiment } from './evaluate-experiment.ts'
import type { EvaluationAnswer, EvaluationQuestion, EvaluationTarget } from './evaluation-handle.ts'

const port = parentPort!
// not awaited here: Deno drops messages that come before there is a listener
const opening = openServingDatabase({
  ...(workerData as EvaluationTarget),
  logger: createLogger('warn'),
})

// one question comes after the answer to the one before
port.on('message', async (question: EvaluationQuestion | null) => {
  if (question) port.postMessage(await answer(question))
  else {
    await (await opening).close()
    process.exit()
  }
})

async function answer(question: EvaluationQuestion): Promise<EvaluationAnswer> {
  try {
    return { evaluation: await evaluateExperiment({ database: await opening, ...question }) }
  } catch (error) {
    return { reason: (error as Error).message }
  }
}
