import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { MlflowClient } from '../client/mlflow-client.ts'
import { createTrackingServer, type TrackingServer, type TrackingServerInput } from './tracking-server.ts'

export interface TestServer {
  readonly home: string
  readonly server: TrackingServer
  readonly client: MlflowClient
  /** Milliseconds since 1970, one more at each look. */
  readonly now: () => number
  close(): Promise<void>
}

/** For tests: a server on a new folder with a client in the same process, a counting clock and counted ids. */
export async function openTestServer(options: Partial<TrackingServerInput> = {}): Promise<TestServer> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'fds-tracking-')))
  let time = 1_700_000_000_000
  let drawn = 0
  const now = () => time++
  const server = await createTrackingServer({
    home,
    artifactRoot: join(home, 'artifacts'),
    now,
    random: { uint32: () => (drawn++ * 2_654_435_761) >>> 0 },
    logger: pino({ level: 'silent' }),
    ...options,
  })
  const client = new MlflowClient({ uri: 'http://embedded', transport: server.transport, now })
  const close = async () => {
    await server.close()
    await rm(home, { recursive: true, force: true })
  }
  return { home, server, client, now, close }
}
