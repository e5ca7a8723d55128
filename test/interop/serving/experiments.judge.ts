// Holds the store of A/B tests to its contract on a real PostgreSQL:
// `node --test test/interop/serving/experiments.judge.ts`.
import { after, before } from 'node:test'
import { createLogger } from '../../../src/log.ts'
import { testExperimentStore } from '../../../src/serving/experiments/experiment-store.contract.ts'
import { openServingDatabase } from '../../../src/serving/index.ts'
import { type Postgres, startPostgres } from '../postgres.ts'

let postgres: Postgres
before(async () => {
  postgres = await startPostgres()
})
after(() => postgres.stop())

let databases = 0

testExperimentStore('PostgreSQL', async (t) => {
  const databaseUrl = await postgres.createDatabase(`experiments_${databases++}`)
  return async () => {
    const logger = createLogger('silent')
    const database = await openServingDatabase({ home: '/nowhere', databaseUrl, logger })
    t.after(() => database.close())
    return database
  }
})
