import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  labelsOf,
  SIMULATED_ROLES,
  selectRows,
  simulateTransactions,
  type Table,
  tableRows,
} from '../src/data/index.ts'
import { createPolicy } from '../src/decision/index.ts'
import { assign } from '../src/monitoring/index.ts'
import { openTracking } from '../src/pipeline/open-tracking.ts'
import { registerModel } from '../src/pipeline/register-model.ts'
import { type Service, startService } from '../src/pipeline/start-service.ts'
import { trackTrained } from '../src/pipeline/track-trained.ts'
import { trainModel } from '../src/pipeline/train-model.ts'
import type { MlflowClient } from '../src/tracking/index.ts'
import { temporarySettings } from './champion.ts'
import { runFds } from './fds.ts'

const NAME = 'fraud_detector'
const LEARNED = 6000
const ROWS = 12_000

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, of which each test looks at a little
type Json = Record<string, any>

/**
 * Plays an A/B test through the real service: two models, payments and labels over HTTP, a verdict, promotion,
 * rollback. `prepare` gives the address of an empty database, or nothing for files in the home.
 */
export function playAbTest(what: string, prepare: () => Promise<string | undefined>): void {
  describe(`an A/B test of the service on ${what}`, () => {
    const settings: ReturnType<typeof temporarySettings> & { databaseUrl?: string | undefined } =
      temporarySettings()
    const { table } = simulateTransactions({ rows: ROWS, seed: 11 })
    const labels = labelsOf(table, SIMULATED_ROLES.label)
    let service: Service
    let next = LEARNED
    let experiment: Json

    before(async () => {
      settings.databaseUrl = await prepare()
      const tracking = await openTracking(settings)
      // a champion that calls everything a fraud, a challenger that has learned, and one for later
      await register(tracking.client, { alias: 'champion', trees: 1, rows: 300 })
      await register(tracking.client, { alias: 'challenger', trees: 40, rows: LEARNED })
      await register(tracking.client, { alias: 'spare', trees: 10, rows: LEARNED })
      await tracking.close()
      service = await startService({ ...settings, host: '127.0.0.1', port: 0, modelName: NAME })
    })
    after(() => service.close())

    test('there is none at first, and a wrong start is refused', async () => {
      const none = await get('/ab-test/status')
      assert.equal(none['status'], 'none')
      assert.equal(none['challenger'], '2')
      for (const body of [
        { traffic_split: 2 },
        { coverage: -1 },
        { mode: 'x' },
        { unknown: 1 },
        [],
        { horizon: 'a' },
      ]) {
        const { status, answer } = await post('/ab-test/start', body)
        assert.equal(status, 400, JSON.stringify(answer))
      }
      for (const path of ['ramp', 'stop', 'promote']) {
        const { status, answer } = await post(`/ab-test/${path}`, path === 'ramp' ? { coverage: 1 } : {})
        assert.deepEqual([status, answer['error'].code], [409, 'AB_TEST_NOT_RUNNING'])
      }
    })

    test('starts, once', async () => {
      const wishes = {
        traffic_split: 0.5,
        coverage: 0.4,
        min_samples: 200,
        planned_samples: 2500,
        guardrails: { score_psi: null },
      }
      const started = await post('/ab-test/start', { ...wishes, reason: 'the challenger has learned' })
      assert.equal(started.status, 200, JSON.stringify(started.answer))
      experiment = started.answer
      assert.deepEqual(
        [experiment['state'], experiment['champion_version'], experiment['challenger_version']],
        ['running', '1', '2'],
      )
      const again = await post('/ab-test/start', {})
      assert.deepEqual([again.status, again.answer['error'].code], [409, 'AB_TEST_RUNNING'])
    })

    test('every entity meets the model that it is assigned, and the stored arm is that one', async () => {
      const answers = await send(1000)
      checkArms(answers, 0.4)
      const { transaction_id: id } = answers[0]!.answer
      const stored = await get(`/decisions/${id}`)
      assert.equal(stored['model_version'], answers[0]!.answer['model_version'])
      assert.ok(answers.some(({ answer }) => answer['model_version'] === 'challenger'))
    })

    test('a ramp brings entities in and moves none', async () => {
      const ramped = await post('/ab-test/ramp', { coverage: 1 })
      assert.deepEqual([ramped.status, ramped.answer['coverage']], [200, 1])
      assert.equal((await post('/ab-test/ramp', { coverage: 0.5 })).status, 400)
      const answers = await send(2500)
      checkArms(answers, 1)
      const arms = new Map(
        answers.map(({ row, answer }) => [row[SIMULATED_ROLES.entity], answer['model_version']]),
      )
      const share = [...arms.values()].filter((arm) => arm === 'challenger').length / arms.size
      assert.ok(
        Math.abs(share - 0.5) < 2.5 / Math.sqrt(arms.size),
        `the challenger has ${share} of ${arms.size}`,
      )
    })

    test('both models score what either decided', async () => {
      await until(async () => (await get(`/decisions/${idOf(next - 1)}`))['shadow'] !== null)
      const arms = new Set<string>()
      for (let row = next - 40; row < next; row++) {
        const { model_version: arm, shadow } = await get(`/decisions/${idOf(row)}`)
        assert.equal(shadow.model_version, arm === 'champion' ? 'challenger' : 'champion')
        arms.add(arm)
      }
      assert.equal(arms.size, 2)
    })

    test('collects until labels have come, and then has a verdict', async () => {
      const early = await get('/ab-test/status')
      assert.deepEqual([early['status'], early['samples'], early['required']], ['collecting', 0, 200])
      const refused = await post('/ab-test/promote', {})
      assert.deepEqual([refused.status, refused.answer['error'].code], [409, 'PROMOTION_REFUSED'])
      await label(LEARNED, next)
      let verdict: Json = early
      await until(async () => {
        verdict = await get('/ab-test/status')
        return verdict['status'] !== 'collecting'
      })
      assert.equal(verdict['status'], 'challenger_wins', JSON.stringify(verdict))
      assert.equal(verdict['final'], true)
      assert.ok(verdict['p_value'] < 0.05)
      assert.equal(verdict['assigning'], true)
      assert.equal(verdict['sample_ratio'].is_void, false)
      assert.ok(verdict['paired_cost'].pairs > 2000)
      const [korean, english] = [await page('/ab-test/report'), await page('/ab-test/report?lang=en')]
      assert.match(korean, /<html lang="ko">[\s\S]*<svg [\s\S]*챌린저/)
      assert.match(english, /<svg [\s\S]*the challenger wins/)
    })

    test('promotion moves the aliases, and the next decisions come from the new champion', async () => {
      const promoted = await post('/ab-test/promote', { reason: 'it wins' })
      assert.equal(promoted.status, 200, JSON.stringify(promoted.answer))
      assert.deepEqual(
        [promoted.answer['champion'], promoted.answer['demoted'], promoted.answer['experiment'].state],
        ['2', '1', 'promoted'],
      )
      assert.deepEqual(await aliases(), { champion: '2', previous_champion: '1', spare: '3' })
      await untilDecides({ version: '2', arm: 'champion' })
      const again = await post('/ab-test/promote', {})
      assert.deepEqual([again.status, again.answer['moved'], again.answer['champion']], [200, false, '2'])
    })

    test('rollback brings the champion before back, once', async () => {
      const back = await post('/ab-test/rollback', { reason: 'complaints' })
      assert.deepEqual(
        [back.status, back.answer['champion'], back.answer['experiment'].state],
        [200, '1', 'rolled_back'],
      )
      const again = await post('/ab-test/rollback', {})
      assert.deepEqual([again.answer['champion'], again.answer['moved']], ['1', false])
      await untilDecides({ version: '1', arm: 'champion' })
      const { events } = await get('/ab-test/status')
      assert.deepEqual(
        events.map(({ action }: Json) => action),
        ['start', 'ramp', 'promote', 'rollback'],
      )
    })

    test('a moved alias stops the assignment and says so; the kill switch ends the test', async () => {
      const client = service.tracking.client
      await client.setRegisteredModelAlias({ name: NAME, alias: 'challenger', version: '2' })
      experiment = (await post('/ab-test/start', { traffic_split: 1 })).answer
      await untilDecides({ version: '2', arm: 'challenger' })
      await client.setRegisteredModelAlias({ name: NAME, alias: 'challenger', version: '3' })
      const status = await get('/ab-test/status')
      assert.equal(status['assigning'], false)
      assert.match(status['note'], /an alias was moved/)
      await untilDecides({ version: '1', arm: 'champion' })
      assert.equal((await get(`/decisions/${idOf(next - 1)}`))['experiment'], null)
      await client.setRegisteredModelAlias({ name: NAME, alias: 'challenger', version: '2' })
      await untilDecides({ version: '2', arm: 'challenger' })
      assert.equal((await post('/ab-test/stop', { reason: 'enough' })).answer['state'], 'stopped')
      assert.equal((await send(1))[0]!.answer['model_version'], 'champion')
      assert.equal((await post('/ab-test/stop', {})).answer['state'], 'stopped')
    })

    test('the command line does the same beside the running service', async () => {
      const { home, databaseUrl } = settings
      const environment = databaseUrl === undefined ? {} : { FDS_DATABASE_URL: databaseUrl }
      const fds = async (args: readonly string[], expected = 0): Promise<Json> => {
        const ended = await runFds(['ab', ...args, '--json', '--home', home], { environment })
        assert.equal(ended.status, expected, ended.stderr)
        return JSON.parse(ended.stdout)
      }
      const report = join(settings.home, 'ab.svg')
      const started = await fds([
        'start',
        '--split',
        '1',
        '--auto-rollback',
        '--planned-samples',
        '1000000000000',
        '--reason',
        'once more',
      ])
      assert.match(started['warnings'][0], /it cannot succeed as planned/)
      assert.deepEqual([started['state'], started['auto_rollback']], ['running', true])
      await untilDecides({ version: '2', arm: 'challenger' })
      const status = await fds(['status', '--expect', 'challenger_wins', '--report', report], 1)
      assert.match(await readFile(report, 'utf8'), /^<svg /)
      assert.deepEqual([status['status'], status['experiment'].id], ['collecting', started['id']])
      assert.equal((await fds(['promote'], 1))['error'].code, 'PROMOTION_REFUSED')
      const forced = await fds(['promote', '--force', '--reason', 'the committee has decided'])
      assert.deepEqual([forced['champion'], forced['moved']], ['2', true])
      await untilDecides({ version: '2', arm: 'champion' })
      const back = await fds(['rollback'])
      assert.deepEqual([back['champion'], back['experiment'].state], ['1', 'rolled_back'])
      const plan = ['ab', 'plan', '--miss-rate', '0.0015', '--reduction', '0.1', '--per-day', '200', '--json']
      const { status: exit, stdout } = await runFds(plan)
      assert.deepEqual([exit, JSON.parse(stdout).can_succeed], [1, false])
    })

    async function register(
      client: MlflowClient,
      { alias, trees, rows }: { alias: string; trees: number; rows: number },
    ): Promise<void> {
      const trained = trainModel({
        table: slice(table, 0, rows),
        roles: SIMULATED_ROLES,
        params: { n_estimators: trees, max_depth: 5, learning_rate: 0.2 },
        policy: createPolicy(trees === 1 ? { threshold: 0, costs: { fn: 1, fp: 1 } } : {}),
        holdout: 0,
        seed: 1,
        now: settings.now,
      })
      const { runId } = await trackTrained({ client, trained, now: settings.now })
      await registerModel({ client, runId, name: NAME, alias, actor: 'test' })
    }

    /** Sends the next payments, and gives each with its answer. */
    async function send(count: number): Promise<{ row: Json; answer: Json }[]> {
      const rows = [...tableRows(slice(table, next, next + count))].map(
        ({ [SIMULATED_ROLES.label]: _, ...row }) => row,
      )
      next += count
      const sent: { row: Json; answer: Json }[] = []
      for (let start = 0; start < rows.length; start += 500) {
        const part = rows.slice(start, start + 500)
        const { status, answer } = await post('/predict/batch', part)
        assert.equal(status, 200, JSON.stringify(answer))
        for (const [i, row] of part.entries()) sent.push({ row, answer: answer[i] })
      }
      return sent
    }

    /** Workers take up what was moved within two seconds. */
    async function untilDecides({ version, arm }: { version: string; arm: string }): Promise<void> {
      const start = next
      await until(async () => {
        const [sent] = await send(1)
        return sent!.answer['model'].version === version && sent!.answer['model_version'] === arm
      })
      assert.ok(next - start <= 40, `it took ${next - start} looks of 50 ms`)
    }

    function checkArms(answers: readonly { row: Json; answer: Json }[], coverage: number): void {
      for (const { row, answer } of answers) {
        const entity = String(row[SIMULATED_ROLES.entity])
        const { arm } = assign({ experiment: experiment['id'], entity, trafficSplit: 0.5, coverage })
        assert.equal(answer['model_version'], arm)
      }
    }

    async function label(from: number, to: number): Promise<void> {
      const all = Array.from({ length: to - from }, (_, i) => ({
        transaction_id: idOf(from + i),
        is_fraud: labels[from + i] === 1,
      }))
      for (let start = 0; start < all.length; start += 1000) {
        assert.equal((await post('/labels', all.slice(start, start + 1000))).status, 200)
      }
    }

    function idOf(row: number): string {
      return String([...tableRows(slice(table, row, row + 1))][0]![SIMULATED_ROLES.id])
    }

    async function aliases(): Promise<Json> {
      return (await service.tracking.client.getRegisteredModel(NAME)).aliases
    }

    async function page(path: string): Promise<string> {
      return (await fetch(service.address + path)).text()
    }

    async function get(path: string): Promise<Json> {
      const response = await fetch(service.address + path)
      return (await response.json()) as Json
    }

    async function post(path: string, body: unknown): Promise<{ status: number; answer: Json }> {
      const response = await fetch(service.address + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return { status: response.status, answer: (await response.json()) as Json }
    }
  })
}

function slice(table: Table, from: number, to: number): Table {
  return selectRows(
    table,
    Int32Array.from({ length: to - from }, (_, i) => from + i),
  )
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 100) throw new Error('it did not happen')
    await sleep(50)
  }
}
