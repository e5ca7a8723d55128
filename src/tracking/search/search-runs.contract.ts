// The SQL of a search against a slow reading of the same filter over runs held in memory.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Run, runOf } from '../client/entities.ts'
import { type ContractFixtures, refused } from '../store/contract.fixture.ts'
import type { TrackingStore } from '../store/tracking-store.ts'
import { type Operator, parseOrderBy, parseSearchFilter, type SearchClause } from './search-filter.ts'

const VALUES = ['a', 'A', 'ab', 'b%', 'a_b', "it's", '', '10', 'ä', 'a\\b']
const NUMBERS = [-1, 0, 0.5, 2, Number.NaN]
const STATUSES = ['FINISHED', 'FAILED', 'KILLED'] as const

/** Searches for runs, whatever the filter, the order and the size of the pages. */
export function searchRunsContract(given: ContractFixtures): void {
  test('SQL finds and orders the runs that a plain reading of the filter finds, page by page', async () => {
    const experimentId = await given.newExperiment()
    for (let index = 0; index < 40; index++) await addRun(given.store, experimentId, index)
    const runs = await searchAll(given.store, { experimentId, filter: '', orderBy: [], maxResults: 1000 })
    let parted = 0
    let paged = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(clauses(), { maxLength: 3 }),
        fc.array(orders(), { maxLength: 2 }),
        fc.integer({ min: 1, max: 40 }),
        async (parts, orderBy, maxResults) => {
          const filter = parts.join(' AND ')
          const fitting = runs.filter((run) => parseSearchFilter(filter).every((clause) => fits(run, clause)))
          const got = await searchAll(given.store, { experimentId, filter, orderBy, maxResults })
          const shown = `${filter} | ${orderBy.join(', ')} | ${maxResults}`
          assert.deepEqual(names(got), names(sorted(fitting, orderBy)), shown)
          if (got.length > 0 && got.length < runs.length) parted++
          if (got.length > maxResults) paged++
        },
      ),
      { numRuns: 150, seed: 7 },
    )
    assert.ok(
      parted > 30 && paged > 30,
      `only ${parted} searches parted the runs, ${paged} had several pages`,
    )
  })

  test('a page token that is none of ours is refused, whatever it holds', async () => {
    const experimentId = await given.newExperiment()
    for (let index = 0; index < 3; index++) await addRun(given.store, experimentId, index)
    const search = (pageToken: string, orderBy: string[]) =>
      given.store.searchRuns({ experimentIds: [experimentId], orderBy, pageToken, maxResults: 1 })
    const place = (...after: unknown[]) => Buffer.from(JSON.stringify({ after })).toString('base64')
    const odd = [
      '?',
      'bm90IGpzb24=',
      place(),
      place(1),
      place('x', 'y'),
      place(1.5, 'y'),
      place(2 ** 60, 'y'),
    ]
    for (const token of [...odd, place(null, null), place(1, 'a\0'), place([], {})])
      await refused('INVALID_PARAMETER_VALUE', search(token, []))
    const { nextPageToken } = await search('', ['metrics.m'])
    await refused('INVALID_PARAMETER_VALUE', search(nextPageToken!, []))
  })
}

async function addRun(store: TrackingStore, experimentId: string, index: number): Promise<void> {
  const pick = <T>(list: readonly T[], salt: number): T =>
    list[(index * 7 + salt * 13 + (index >> 3)) % list.length]!
  const named = { runName: `run ${pick(VALUES, 1)}`, userId: pick(VALUES, 2) }
  const { runId } = (await store.createRun({ experimentId, tags: [], startTime: index >> 1, ...named })).run
    .info
  const metrics = ['m', 'n']
    .filter((_, which) => (index + which) % 3 > 0)
    .map((key, which) => ({ key, value: pick(NUMBERS, which), timestamp: 1 }))
  const pairs = ['p', 'q']
    .filter((_, which) => (index + which) % 4 > 0)
    .map((key, which) => ({ key, value: pick(VALUES, which) }))
  await store.logBatch({ runId, metrics, params: pairs, tags: pairs })
  if (index % 5 > 0) await store.updateRun({ runId, status: pick(STATUSES, 0), endTime: index % 7 })
}

interface Search {
  readonly experimentId: string
  readonly filter: string
  readonly orderBy: readonly string[]
  readonly maxResults: number
}

async function searchAll(store: TrackingStore, { experimentId, ...search }: Search): Promise<Run[]> {
  const found: Run[] = []
  let pageToken: string | undefined
  do {
    const page = await store.searchRuns({ experimentIds: [experimentId], pageToken, ...search })
    found.push(...page.runs.map(runOf))
    pageToken = page.nextPageToken
  } while (pageToken !== undefined)
  return found
}

function names(runs: readonly Run[]): string[] {
  return runs.map((run) => run.info.runId)
}

function clauses(): fc.Arbitrary<string> {
  const value = fc
    .constantFrom(...VALUES, 'a%', '%b', '_', 'A%', '%\\%', 'a\\_', '\u0001')
    .map((text) => `'${text.replaceAll("'", "''")}'`)
  const textOperator = fc.constantFrom('=', '!=', 'LIKE', 'ILIKE')
  const numberOperator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=')
  const number = fc.constantFrom('-1', '0', '0.5', '1', '2e0')
  const key = fc.constantFrom('params.p', 'params.q', 'tags.p', 'tags.q', 'tags.none')
  const attribute = fc.constantFrom('run_name', 'attributes.user_id', 'status')
  const time = fc.constantFrom('end_time', 'attributes.start_time')
  const join = (parts: readonly string[]) => parts.join(' ')
  return fc.oneof(
    fc.tuple(fc.oneof(key, attribute), textOperator, value).map(join),
    fc.tuple(key, fc.constantFrom('IS NULL', 'IS NOT NULL')).map(join),
    fc.tuple(fc.constantFrom('metrics.m', 'metrics.n', 'metrics.none'), numberOperator, number).map(join),
    fc.tuple(time, numberOperator, fc.constantFrom('3', '5.5')).map(join),
  )
}

function orders(): fc.Arbitrary<string> {
  const key = fc.constantFrom(
    'metrics.m',
    'metrics.n',
    'params.p',
    'tags.q',
    'end_time',
    'run_name',
    'status',
  )
  return fc.tuple(key, fc.constantFrom('ASC', 'DESC')).map((parts) => parts.join(' '))
}

/** The value that a clause speaks of; `undefined` if the run has none. */
function sought(run: Run, { entity, key }: { entity: string; key: string }): number | string | undefined {
  const { info, data } = run
  if (entity === 'metric') return data.metrics[key]
  if (entity === 'parameter') return data.params[key]
  if (entity === 'tag') return data.tags[key]
  const attributes = { run_name: info.runName, user_id: info.userId, status: info.status }
  const times = { start_time: info.startTime, end_time: info.endTime }
  return { ...attributes, ...times }[key]
}

function fits(run: Run, clause: SearchClause): boolean {
  const value = sought(run, clause)
  if (clause.operator === 'IS NULL') return value === undefined
  if (value === undefined) return false
  return compares(value, clause.operator, clause.value as number | string)
}

function compares(value: number | string, operator: Operator, wanted: number | string): boolean {
  if (operator === 'IS NOT NULL') return true
  if (operator === 'LIKE') return like(String(wanted)).test(String(value))
  // SQLite folds the case of ASCII letters alone
  if (operator === 'ILIKE') return like(folded(String(wanted))).test(folded(String(value)))
  if (operator === '=') return value === wanted
  if (operator === '!=') return value !== wanted
  if (operator === '<') return value < wanted
  if (operator === '<=') return value <= wanted
  return operator === '>' ? value > wanted : value >= wanted
}

function like(pattern: string): RegExp {
  const escaped = pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('%', '.*').replaceAll('_', '.')}$`, 'su')
}

function folded(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** Numbers and texts first in their order, then NaN, then what is missing; ties by start, newest first, then id. */
function sorted(runs: readonly Run[], orderBy: readonly string[]): Run[] {
  const terms = [...orderBy, 'start_time DESC'].map(parseOrderBy)
  const rank = (value: unknown) => (value === undefined ? 2 : Number.isNaN(value) ? 1 : 0)
  return runs.toSorted((a, b) => {
    for (const { descending, ...key } of terms) {
      const [left, right] = [sought(a, key), sought(b, key)]
      const ranked = rank(left) - rank(right)
      if (ranked !== 0) return ranked
      if (rank(left) > 0 || left === right) continue
      return left! < right! === descending ? 1 : -1
    }
    return a.info.runId < b.info.runId ? -1 : 1
  })
}
