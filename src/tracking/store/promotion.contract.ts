import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ContractFixtures, refused } from './contract.fixture.ts'

/** What every store does when a champion moves, and what it keeps of moved aliases. */
export function promotionContract(given: ContractFixtures): void {
  const newModel = async (versions: number) => {
    const name = await given.newModel()
    for (let count = 0; count < versions; count++) await given.newVersion(name)
    return name
  }
  const aliasesOf = async (name: string) => {
    const { aliases } = (await given.store.getRegisteredModel({ name })).registeredModel
    return Object.fromEntries(aliases.map(({ alias, version }) => [alias, version]))
  }
  const promote = (name: string, version: string, more: object = {}) =>
    given.store.promoteModelVersion({ name, version, ...more })
  const setChampion = (name: string, version: string) =>
    given.store.setRegisteredModelAlias({ name, alias: 'champion', version })
  const rollback = async (name: string) => (await given.store.rollbackChampion({ name })).version
  /** `alias:from>to`, newest first. */
  const movesOf = async (name: string) => {
    const { changes } = await given.store.getAliasHistory({ name })
    return changes.map((c) => `${c.alias ?? ''}:${c.fromVersion ?? ''}>${c.toVersion ?? ''}`)
  }

  test('a promotion moves champion, previous champion and challenger at once, and says so', async () => {
    const name = await newModel(2)
    assert.deepEqual(await promote(name, '1'), { version: '1' })
    await given.store.setRegisteredModelAlias({ name, alias: 'challenger', version: '2' })
    const move = { actor: 'ann', reason: 'better' }
    assert.deepEqual(await promote(name, '2', move), { version: '2', demoted: '1' })
    assert.deepEqual(await aliasesOf(name), { champion: '2', previous_champion: '1' })
    const moves = ['challenger:2>', 'previous_champion:>1', 'champion:1>2', 'challenger:>2', 'champion:>1']
    assert.deepEqual(await movesOf(name), moves)
    const { changes } = await given.store.getAliasHistory({ name })
    for (const change of changes.slice(0, 3)) {
      assert.deepEqual(
        [change.name, change.action, change.actor, change.reason, change.timestamp],
        [name, 'promote', 'ann', 'better', changes[0]!.timestamp],
      )
    }
    assert.deepEqual(
      changes.slice(3).map(({ action, actor, reason }) => [action, actor, reason]),
      [
        ['set_alias', undefined, undefined],
        ['promote', undefined, undefined],
      ],
    )
  })

  test('who has proved a name is written down with it, not with what the request says', async () => {
    const name = await newModel(1)
    await given.store.promoteModelVersion({ name, version: '1', actor: 'mallory' }, { user: 'ann' })
    assert.equal((await given.store.getAliasHistory({ name })).changes[0]!.actor, 'ann')
  })

  test('promoting the champion changes nothing and leaves no entry', async () => {
    const name = await newModel(2)
    await promote(name, '1')
    await promote(name, '2')
    assert.deepEqual(await promote(name, '2', { expectedChampion: '2' }), { version: '2' })
    assert.deepEqual(await aliasesOf(name), { champion: '2', previous_champion: '1' })
    assert.equal((await movesOf(name)).length, 3)
  })

  test('a promoter who saw another champion is refused, and nothing moves', async () => {
    const name = await newModel(3)
    await refused('RESOURCE_CONFLICT', promote(name, '1', { expectedChampion: '2' }))
    await promote(name, '1', { expectedChampion: '' })
    await promote(name, '2', { expectedChampion: '1' })
    for (const expectedChampion of ['1', '', '3']) {
      await refused('RESOURCE_CONFLICT', promote(name, '3', { expectedChampion }))
      await refused('RESOURCE_CONFLICT', given.store.rollbackChampion({ name, expectedChampion }))
    }
    assert.deepEqual(await aliasesOf(name), { champion: '2', previous_champion: '1' })
    assert.equal((await movesOf(name)).length, 3)
    await assert.rejects(promote(name, '3', { expectedChampion: '1' }), /is version 2, not version 1/)
  })

  test('of twenty promoters that saw the same champion exactly one wins', async () => {
    const name = await newModel(21)
    await promote(name, '21')
    const promoters = Array.from({ length: 20 }, (_, index) =>
      promote(name, String(index + 1), { expectedChampion: '21' }),
    )
    const outcomes = await Promise.allSettled(promoters)
    const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    const losers = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    assert.deepEqual([winners.length, losers.length], [1, 19])
    for (const loser of losers) await refused('RESOURCE_CONFLICT', Promise.reject(loser))
    assert.deepEqual(await aliasesOf(name), { champion: winners[0]!.version, previous_champion: '21' })
    const promotions = (await movesOf(name)).filter((move) => move.startsWith('champion:'))
    assert.deepEqual(promotions, [`champion:21>${winners[0]!.version}`, 'champion:>21'])
  })

  test('twenty promoters without an expectation all move the champion, one after the other', async () => {
    const name = await newModel(20)
    await Promise.all(Array.from({ length: 20 }, (_, index) => promote(name, String(index + 1))))
    const moves = (await movesOf(name)).filter((move) => move.startsWith('champion:')).reverse()
    let champion = ''
    for (const move of moves) {
      const [from, to] = move.slice('champion:'.length).split('>')
      assert.equal(from, champion)
      champion = to!
    }
    assert.deepEqual([moves.length, (await aliasesOf(name))['champion']], [20, champion])
  })

  test('a rollback goes to the champion before, also where plain calls moved the alias', async () => {
    const name = await newModel(3)
    await promote(name, '1')
    await promote(name, '2')
    await setChampion(name, '3')
    assert.deepEqual(await given.store.rollbackChampion({ name }), { version: '2', demoted: '3' })
    assert.deepEqual(await aliasesOf(name), { champion: '2', previous_champion: '3' })
    assert.equal(await rollback(name), '3')
    assert.equal(await rollback(name), '2')
  })

  test('a removed champion comes back; a deleted version never does', async () => {
    const name = await newModel(4)
    for (const version of ['1', '2', '3', '4']) await setChampion(name, version)
    await given.store.deleteRegisteredModelAlias({ name, alias: 'champion' })
    assert.deepEqual(await given.store.rollbackChampion({ name }), { version: '4' })
    await given.store.deleteModelVersion({ name, version: '4' })
    await given.store.deleteModelVersion({ name, version: '2' })
    assert.equal(await rollback(name), '3')
    assert.equal(await rollback(name), '1')
    await given.store.deleteModelVersion({ name, version: '3' })
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.rollbackChampion({ name }))
    assert.deepEqual(await aliasesOf(name), { champion: '1' })
  })

  test('without another champion there is nothing to roll back to', async () => {
    const name = await newModel(2)
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.rollbackChampion({ name }))
    await promote(name, '1')
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.rollbackChampion({ name }))
  })

  test('every call that moves an alias leaves an entry, those that move none do not', async () => {
    const name = await newModel(2)
    const by = { actor: 'ann', reason: 'why' }
    await given.store.setRegisteredModelAlias({ name, alias: 'a', version: '1', ...by })
    await given.store.setRegisteredModelAlias({ name, alias: 'a', version: '1', ...by })
    await given.store.setRegisteredModelAlias({ name, alias: 'b', version: '2', ...by })
    await given.store.deleteRegisteredModelAlias({ name, alias: 'a', ...by })
    await given.store.deleteRegisteredModelAlias({ name, alias: 'a', ...by })
    await given.store.setRegisteredModelAlias({ name, alias: 'c', version: '1', ...by })
    const newName = given.unique('renamed')
    await given.store.renameRegisteredModel({ name, newName, ...by })
    await given.store.deleteModelVersion({ name: newName, version: '2', ...by })
    await given.store.deleteRegisteredModel({ name: newName, ...by })
    const { changes } = await given.store.getAliasHistory({ name: newName })
    assert.deepEqual(
      changes.map(({ action, alias, fromVersion, toVersion }) => [action, alias, fromVersion, toVersion]),
      [
        ['delete_model', undefined, undefined, undefined],
        ['delete_model', 'c', '1', undefined],
        ['delete_version', 'b', '2', undefined],
        ['rename_model', 'c', undefined, '1'],
        ['rename_model', 'b', undefined, '2'],
      ],
    )
    assert.deepEqual([...new Set(changes.map(({ actor, reason }) => `${actor} ${reason}`))], ['ann why'])
    const old = ['c:1>', 'b:2>', 'c:>1', 'a:1>', 'b:>2', 'a:>1']
    assert.deepEqual(await movesOf(name), old)
  })

  test('a renamed model keeps its history, and a new model of the same name does not inherit it', async () => {
    const name = await newModel(2)
    await setChampion(name, '1')
    await setChampion(name, '2')
    const newName = given.unique('renamed')
    await given.store.renameRegisteredModel({ name, newName })
    assert.deepEqual(await movesOf(newName), ['champion:>2', 'champion:2>', 'champion:1>2', 'champion:>1'])
    assert.equal(await rollback(newName), '1')
    await given.store.deleteRegisteredModel({ name: newName })
    await given.store.createRegisteredModel({ name: newName, tags: [] })
    for (let count = 0; count < 2; count++) await given.newVersion(newName)
    await setChampion(newName, '2')
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.rollbackChampion({ name: newName }))
  })

  test('a history is read page by page, newest first', async () => {
    const name = await newModel(1)
    for (const alias of ['a', 'b', 'c']) {
      await given.store.setRegisteredModelAlias({ name, alias, version: '1' })
    }
    const first = await given.store.getAliasHistory({ name, maxResults: 2 })
    const second = await given.store.getAliasHistory({ name, maxResults: 2, pageToken: first.nextPageToken })
    assert.deepEqual(
      [...first.changes, ...second.changes].map(({ alias }) => alias),
      ['c', 'b', 'a'],
    )
    assert.equal(second.nextPageToken, undefined)
    const all = await given.store.getAliasHistory({ name, maxResults: 3 })
    assert.equal(all.nextPageToken, undefined)
  })

  test('odd names, numbers and texts are refused', async () => {
    const name = await newModel(1)
    await refused('RESOURCE_DOES_NOT_EXIST', promote('no such model', '1'))
    await refused('RESOURCE_DOES_NOT_EXIST', promote(name, '2'))
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.rollbackChampion({ name: 'no such model' }))
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.getAliasHistory({ name: 'no such model' }))
    await refused('INVALID_PARAMETER_VALUE', promote(name, 'x'))
    await refused('INVALID_PARAMETER_VALUE', promote(name, '1', { expectedChampion: 'x' }))
    await refused('INVALID_PARAMETER_VALUE', promote(name, '1', { actor: 'x'.repeat(256) }))
    await refused('INVALID_PARAMETER_VALUE', promote(name, '1', { reason: 'x'.repeat(5001) }))
    await refused('INVALID_PARAMETER_VALUE', given.store.getAliasHistory({ name, maxResults: 0 }))
    await refused('INVALID_PARAMETER_VALUE', given.store.getAliasHistory({ name, pageToken: '!' }))
    assert.deepEqual(await movesOf(name), [])
  })
}
