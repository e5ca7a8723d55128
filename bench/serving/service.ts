// A whole service in a process of its own: node service.ts HOME [--without-log]. Prints its address.
import { randomBytes } from 'node:crypto'
import { createLogger } from '../../src/log.ts'
import {
  buildApp,
  createTransactionId,
  type DecisionLog,
  listen,
  openDecisionLog,
  watchModels,
} from '../../src/serving/index.ts'
import { NAME, openFixtureRegistry } from '../../src/serving/models/registry.fixture.ts'

const [home, mode] = process.argv.slice(2) as [string, string | undefined]
const now = Date.now
const logger = createLogger('fatal')
const { client, server } = await openFixtureRegistry(home, { now })
const real = await openDecisionLog({ home, now, logger })
/** Acknowledges what it never stores, to show what the log costs. */
const none: DecisionLog = { ...real, depth: 0, record: async (decisions) => decisions }
const app = buildApp({
  models: await watchModels({ client, name: NAME, now, logger }),
  log: mode === '--without-log' ? none : real,
  logger,
  now,
  ticks: () => performance.now(),
  createId: createTransactionId({ now, randomBytes }),
  host: '127.0.0.1',
  tracking: server,
})
process.once('SIGTERM', () => process.exit())
process.stdout.write(await listen(app, { host: '127.0.0.1', port: 0 }))
