import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import test from 'node:test'
import { createArtifactLocations } from '../artifacts/artifact-locations.ts'
import { openSqliteStore } from './open-sqlite-store.ts'

test('SQLite itself refuses to change or remove an entry of the audit log', async () => {
  const home = await mkdtemp(join(tmpdir(), 'fds-moves-'))
  const store = openSqliteStore({
    home,
    now: () => 1,
    createId: () => '0',
    createName: () => 'calm-owl-1',
    locations: createArtifactLocations('/srv/artifacts'),
  })
  const [name, tags] = ['m', []]
  await store.createRegisteredModel({ name, tags })
  await store.createModelVersion({ name, source: 'mlflow-artifacts:/a', tags })
  await store.promoteModelVersion({ name, version: '1', actor: 'ann' })
  const database = new DatabaseSync(join(home, 'tracking.db'))
  for (const forgery of [
    `update alias_moves set actor = 'mallory'`,
    'delete from alias_moves',
    `replace into alias_moves select * from alias_moves`,
  ]) {
    assert.throws(() => database.exec(forgery), /takes entries and never changes them/, forgery)
  }
  database.close()
  const { changes } = await store.getAliasHistory({ name })
  assert.deepEqual(
    changes.map(({ actor }) => actor),
    ['ann'],
  )
  await store.close()
  await rm(home, { recursive: true })
})
