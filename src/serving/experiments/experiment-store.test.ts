import { folderFor } from '../log/log.fixture.ts'
import { openServingFile } from '../log/serving-database.ts'
import { testExperimentStore } from './experiment-store.contract.ts'

testExperimentStore('SQLite', async (t) => {
  const home = folderFor(t)
  return async () => {
    const database = openServingFile(home)
    t.after(() => database.close())
    return database
  }
})
