// The SQL of a search against a slow reading of the same filter over runs held in memory.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import type { Run } from '../client/entities.ts'
import { openTestServer } from '../server/tracking-test-server.ts'
import { type Operator, parseOrderBy, parseSearchFilter, type SearchClause } from './search-filter.ts'

const VALUES = ['a', 'A', 'ab', 'b%', 'a_b', "it's", '', '10', 'ä']
const NUMBERS = [-1, 0, 0.5, 2, Number.NaN]
const STATUSES = ['FINISHED', 'FAILED', 'KILLED'] as const

test('SQL finds and orders the runs that a plain reading of the filter finds', async () => {
  const { client, close } = await openTestServer()
  const experimentId = await client.createExperiment('search')
  for (let index = 0; index < 40; index++) {
    const pick = <T>(list: readonly T[], salt: number): T =>
      list[(index * 7 + salt * 13 + (index >> 3)) % list.length]!
    const run = await client.createRun({
      experimentId,
      runName: `run ${pick(VALUES, 1)}`,
      userId: pick(VALUES, 2),
    })
    const metrics = ['m', 'n']
      .filter((_, which) => (index + which) % 3 > 0)
      .map((key, which) => ({ key, value: pick(NUMBERS, which) }))
    const pairs = ['p', 'q']
      .filter((_, which) => (index + which) % 4 > 0)
      .map((key, which) => ({ key, value: pick(VALUES, which) }))
    await client.logBatch(run.info.runId, { metrics, params: pairs, tags: pairs })
    if (index % 5 > 0)
      await client.setTerminated(run.info.runId, { status: pick(STATUSES, 0), endTime: index % 7 })
  }
  const search = async (filter: string, orderBy: readonly string[]) =>
    (await client.searchRuns({ experimentIds: [experimentId], filter, orderBy })).items
  const runs = await search('', [])
  let found = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(clauses(), { maxLength: 3 }),
      fc.array(orders(), { maxLength: 2 }),
      async (parts, orderBy) => {
        const filter = parts.join(' AND ')
        const expected = sorted(
          runs.filter((run) => parseSearchFilter(filter).every((clause) => fits(run, clause))),
          orderBy,
        )
        const got = await search(filter, orderBy)
        assert.deepEqual(names(got), names(expected), `${filter} | ${orderBy.join(', ')}`)
        if (got.length > 0 && got.length < runs.length) found++
      },
    ),
    { numRuns: 100, seed: 7 },
  )
  assert.ok(found > 20, `only ${found} searches parted the runs`)
  await close()
})

test('pages of a search join to the whole', async () => {
  const { client, close } = await openTestServer()
  for (let index = 0; index < 7; index++) await client.createRun({ experimentId: '0', startTime: index % 2 })
  const search = (query: object) =>
    client.searchRuns({ experimentIds: ['0'], orderBy: ['start_time ASC'], ...query })
  const whole = await search({})
  const paged: Run[] = []
  let pageToken: string | undefined
  do {
    const page = await search({ maxResults: 3, ...(pageToken === undefined ? {} : { pageToken }) })
    paged.push(...page.items)
    pageToken = page.nextPageToken
  } while (pageToken !== undefined)
  assert.deepEqual(names(paged), names(whole.items))
  await close()
})

function names(runs: readonly Run[]): string[] {
  return runs.map((run) => run.info.runId)
}

function clauses(): fc.Arbitrary<string> {
  const value = fc
    .constantFrom(...VALUES, 'a%', '%b', '_', 'A%')
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
