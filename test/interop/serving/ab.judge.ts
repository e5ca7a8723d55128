// Plays an A/B test through the service on a real PostgreSQL: `node --test test/interop/serving/ab.judge.ts`.
import { after } from 'node:test'
import { playAbTest } from '../../ab.fixture.ts'
import { type Postgres, startPostgres } from '../postgres.ts'

let postgres: Postgres | undefined
after(() => postgres?.stop())

playAbTest('PostgreSQL', async () => {
  postgres = await startPostgres()
  return postgres.createDatabase('ab')
})
