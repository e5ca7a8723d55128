// Logs to a server over a socket for some time and prints each write that was acknowledged, one JSON line a write.
// Arguments: address, seconds. It goes on by itself when the server dies and comes back; an answer of 500 or more,
// or any other refusal, is printed too.

import { createHttpTransport } from '../../../src/tracking/client/transport.ts'
import { MlflowClient } from '../../../src/tracking/index.ts'
import { type Acknowledged, isTracked, nextWrite } from './writes.ts'

const [address, seconds] = process.argv.slice(2) as [string, string]
const end = Date.now() + 1000 * Number(seconds)
const send = createHttpTransport(address, { silenceMs: 60_000 })
const patient = { maxRetries: 60, backoffFactor: 0.05, backoffJitter: 0.1 }
const client = new MlflowClient({
  uri: address,
  now: Date.now,
  ...patient,
  transport: async (request) => {
    const answer = await send(request)
    if (answer.status >= 500)
      print({ fault: `${request.method} ${request.path} was answered ${answer.status}` })
    return answer
  },
})

const WRITES_OF_A_RUN = 60

while (Date.now() < end) {
  const runId = await createRun()
  for (let number = 0; number < WRITES_OF_A_RUN && Date.now() < end; number++) {
    const write = nextWrite(runId, number)
    try {
      await write.send(client)
      print(write.acknowledged)
    } catch (error) {
      print({ fault: `${write.acknowledged.kind}: ${(error as Error).message}` })
    }
  }
}
process.exit(0)

/** A run is created again where nobody knows whether it was: its creation must not be repeated blindly. */
async function createRun(): Promise<string> {
  for (;;) {
    try {
      const { runId } = (await client.createRun({ experimentId: '0' })).info
      print({ kind: 'run', runId })
      return runId
    } catch (error) {
      if (!isTracked(error)) throw error
    }
  }
}

function print(line: Acknowledged | { readonly fault: string }): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
