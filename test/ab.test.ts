import { playAbTest } from './ab.fixture.ts'

playAbTest('SQLite', async () => undefined)
