// The registry at work: two models trained, promoted, rolled back and accounted for, by the real command line.
import assert from 'node:assert/strict'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import type { Policy } from '../src/decision/index.ts'
import { MlflowClient } from '../src/tracking/index.ts'
import { temporarySettings } from './champion.ts'
import { fdsJson, runFds, startFds } from './fds.ts'

interface Move {
  readonly alias: string
  readonly from: string | null
  readonly to: string | null
  readonly action: string
  readonly actor: string | null
  readonly reason: string | null
}

describe('the registry at work', () => {
  const { home } = temporarySettings()
  const data = join(home, 'payments.csv')
  const name = 'fraud_detector'
  const fds = <T>(args: readonly string[], status = 0) => fdsJson<T>(args, home, status)
  const aliases = async () =>
    (await fds<{ aliases: Record<string, string> }>(['models', 'show', name])).aliases
  const history = () => fds<Move[]>(['models', 'history', name])

  before(async () => {
    await fds(['data', 'generate', '--rows', '3000', '--seed', '5', '--out', data])
    for (const depth of ['2', '3']) {
      const params = ['--param', 'n_estimators=5', '--param', `max_depth=${depth}`]
      const { run_id } = await fds<{ run_id: string }>(['train', '--data', data, ...params])
      await fds(['models', 'register', name, '--run', run_id])
    }
  })

  test('a champion is expected, promoted with a reason, and written down with who did it', async () => {
    const first = ['models', 'promote', name, '1', '--expect', 'none', '--reason', 'the first']
    assert.deepEqual(await fds(first), { name, champion: '1', previous_champion: null })
    const second = ['models', 'promote', name, '2', '--expect', '1', '--reason', 'cost down 8 %']
    assert.deepEqual(await fds(second), { name, champion: '2', previous_champion: '1' })
    assert.deepEqual(await aliases(), { champion: '2', previous_champion: '1' })
    const [previous, champion] = await history()
    const by = { action: 'promote', actor: userInfo().username, reason: 'cost down 8 %' }
    assert.partialDeepStrictEqual(previous, { alias: 'previous_champion', from: null, to: '1', ...by })
    assert.partialDeepStrictEqual(champion, { alias: 'champion', from: '1', to: '2', ...by })
  })

  test('a promoter who saw another champion ends with 1 and one clear line', async () => {
    const late = ['models', 'promote', name, '1', '--expect', '1']
    const { status, stdout, stderr } = await runFds([...late, '--home', home])
    assert.deepEqual([status, stdout], [1, ''])
    assert.match(stderr, /^The champion of "fraud_detector" must be version 1, .* got version 2;.*\n$/)
    const { error } = await fds<{ error: object }>(late, 1)
    assert.partialDeepStrictEqual(error, { code: 'CHAMPION_MOVED', expected: 'version 1', got: 'version 2' })
    assert.equal((await fds<object[]>(['models', 'history', name])).length, 3)
  })

  test('a rollback goes back, and a second one undoes it', async () => {
    const back = await fds(['models', 'rollback', name, '--reason', 'false alarms'])
    assert.deepEqual(back, { name, champion: '1', previous_champion: '2' })
    assert.deepEqual(await fds(['models', 'rollback', name]), { name, champion: '2', previous_champion: '1' })
  })

  test('a rollback goes right where a plain MLflow client moved the alias', async () => {
    const server = await startFds(['tracking', '--port', '0', '--home', home])
    const client = new MlflowClient({ uri: server.address, now: Date.now })
    const { source = '' } = await client.getModelVersion({ name, version: '1' })
    const { version } = await client.createModelVersion({ name, source })
    await client.setRegisteredModelAlias({ name, alias: 'champion', version })
    assert.equal(await server.stop(), 0)
    assert.deepEqual(await fds(['models', 'rollback', name]), { name, champion: '2', previous_champion: '3' })
    const champions = (await history()).filter(({ alias }) => alias === 'champion')
    assert.deepEqual(
      champions.slice(0, 2).map(({ from, to, action }) => [from, to, action]),
      [
        ['3', '2', 'rollback'],
        ['2', '3', 'set_alias'],
      ],
    )
  })

  test('gates are written on the version, which is then found by them', async () => {
    const gates = ['validate', '--model', `models:/${name}@champion`, '--data', data, '--tag']
    await fds([...gates, '--min-auc', '0.1'])
    await fds(['models', 'tag', name, '2', 'deployment_env', 'prod'])
    const passed = `tags.validation_status = 'passed' and tags.deployment_env = 'prod'`
    const found = await fds<{ version: string }[]>(['models', 'search', passed])
    assert.deepEqual(
      found.map(({ version }) => version),
      ['2'],
    )
    await fds([...gates, '--min-auc', '0.9999'], 1)
    assert.deepEqual(await fds(['models', 'search', passed]), [])
    const shown = await fds<{ tags: object; metrics: object }>(['models', 'show', name, '@champion'])
    assert.deepEqual(shown.tags, { deployment_env: 'prod', validation_status: 'failed' })
    assert.ok('auc_roc' in shown.metrics)
  })

  test('slips are refused with one line: a status that is none, a file for a version, a champion to delete', async () => {
    const refused = async (args: readonly string[], message: RegExp) => {
      const { status, stdout, stderr } = await runFds([...args, '--home', home])
      assert.deepEqual([status, stdout, stderr.split('\n').length], [2, '', 2], stderr)
      assert.match(stderr, message)
    }
    const typo = ['models', 'tag', name, '2', 'validation_status', 'pased']
    await refused(typo, /validation_status must be pending, passed, failed, got pased/)
    const model = join(home, 'model.json')
    await fds(['models', 'export', `models:/${name}/1`, '--out', model])
    const file = ['validate', '--model', model, '--data', data, '--tag']
    await refused(file, /--tag needs a registered version/)
    await refused(['models', 'delete', name, '2'], /Version 2 of "fraud_detector" is the champion/)
    await refused(['models', 'delete', name], /is the champion/)
  })

  test('every command of the registry and of runs has a help page with an example', async () => {
    for (const group of ['models', 'runs']) {
      const { stdout } = await runFds([group, '--help'])
      const names = [...stdout.matchAll(/^ {2}([a-z]+) (?:\[|<)/gm)].map(([, command]) => command!)
      assert.ok(names.length > 6, stdout)
      for (const command of names.filter((found) => found !== 'help')) {
        const { status, stdout: page } = await runFds([group, command, '--help'])
        assert.equal(status, 0)
        assert.match(page, new RegExp(`Example:\\n +fds ${group} ${command}`), command)
      }
    }
  })

  test('a policy is shown, and changed by a version of the same trees', async () => {
    const champion = `models:/${name}@champion`
    const { policy } = await fds<{ policy: Policy }>(['models', 'policy', champion])
    const change = ['models', 'policy', champion, '--block', '0.8']
    const made = await fds<{ version: string; policy: Policy }>(change)
    assert.deepEqual(made.policy.thresholds, { ...policy.thresholds, block: 0.8 })
    assert.notEqual(made.policy.version, policy.version)
    const { status, stderr } = await runFds([...change, '--hold', '0.9', '--home', home])
    assert.equal(status, 2)
    assert.match(stderr, /verify ≤ hold ≤ block/)
  })

  test('a deleted version is never rolled back to, and the log outlives the model', async () => {
    await fds(['models', 'delete', name, '3'])
    assert.deepEqual(await fds(['models', 'rollback', name]), { name, champion: '1', previous_champion: '2' })
    await fds(['models', 'delete', name, '--force'])
    assert.deepEqual(await fds(['models', 'list']), [])
    const [last] = await history()
    assert.partialDeepStrictEqual(last, { action: 'delete_model', actor: userInfo().username })
  })
})
