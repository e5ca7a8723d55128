import { median, quantile } from '../medians.ts'
import { type Row, told } from '../rows.ts'
import { memoryOf } from './memory.ts'
import { type Bar, compare, type Figures, megabytesText, millisecondsText, secondsText } from './rounds.ts'
import { type Served, type Sides, STORES } from './sides.ts'
import type { Sizes } from './sizes.ts'

/** One question about tracking, answered in rows. */
export type Part = (sides: Sides, sizes: Sizes) => Promise<Row[]>

export const PARTS = {
  'log-metric': benchLogMetric,
  'log-batch': benchLogBatch,
  runs: benchRuns,
  search: benchSearch,
  'start-up': benchStartUp,
  memory: benchMemory,
  growth: benchGrowth,
} satisfies Record<string, Part>

async function benchLogMetric(sides: Sides, { rounds, logMetricCalls }: Sizes): Promise<Row[]> {
  const measure = async ({ ask }: Served): Promise<Figures> => {
    const { latencies } = await ask('logMetric', { calls: logMetricCalls })
    return { 'log_metric, p50': median(latencies), 'log_metric, p95': quantile(latencies, 0.95) }
  }
  const bars = { 'log_metric, p50': { ratio: 25, most: 2 } }
  return onStores((store) => compare(sides, { store, rounds, measure, text: millisecondsText, bars }))
}

async function benchLogBatch(sides: Sides, { rounds, logBatch }: Sizes): Promise<Row[]> {
  const name = (entries: number) => `log_batch of ${entries.toLocaleString('en')} metrics`
  const measure = async ({ ask }: Served): Promise<Figures> => {
    const figures: Record<string, number> = {}
    for (const size of logBatch) {
      figures[name(size.entries)] = median((await ask('logBatch', size)).latencies)
    }
    return figures
  }
  const bars = Object.fromEntries(logBatch.map(({ entries }) => [name(entries), { ratio: 20 }]))
  return onStores((store) => compare(sides, { store, rounds, measure, text: millisecondsText, bars }))
}

async function benchRuns(sides: Sides, { rounds, runs }: Sizes): Promise<Row[]> {
  const name = `${runs.runs.toLocaleString('en')} whole runs, ${runs.clients} clients`
  const measure = async ({ ask }: Served): Promise<Figures> => ({
    [name]: (await ask('runs', { from: 0, ...runs })).seconds,
  })
  const bars = { [name]: { ratio: 20 } }
  return onStores((store) => compare(sides, { store, rounds, measure, text: secondsText, bars }))
}

/** A page of 100 runs, and of as many as the client's default asks for, in a store that grows from step to step. */
async function benchSearch(sides: Sides, { rounds, search }: Sizes): Promise<Row[]> {
  const bars: Record<string, Bar> = {}
  const measure = async ({ ask, fill }: Served): Promise<Figures> => {
    const figures: Record<string, number> = {}
    let filled = 0
    for (const runs of search.runs) {
      await fill(filled, runs - filled)
      filled = runs
      for (const maxResults of [100, 1000]) {
        const { latencies, hits } = await ask('search', { calls: search.calls, maxResults })
        const name = `search ${runs.toLocaleString('en')} runs, ${hits} hits on a page of ${maxResults}`
        figures[name] = median(latencies)
        bars[name] = runs > 1000 ? { most: 30 } : { ratio: 20 }
      }
    }
    return figures
  }
  return onStores((store) => compare(sides, { store, rounds, measure, text: millisecondsText, bars }))
}

async function benchStartUp(sides: Sides, { rounds }: Sizes): Promise<Row[]> {
  const name = 'start to the first answer of /health, new store'
  const measure = async ({ server }: Served): Promise<Figures> => ({ [name]: server.startSeconds })
  const bars = { [name]: { most: 0.3 } }
  return onStores((store) => compare(sides, { store, rounds, measure, text: secondsText, bars }))
}

/** Summed over the processes of a server, so pages that MLflow's workers share count once for each. */
async function benchMemory(sides: Sides, { points }: Sizes): Promise<Row[]> {
  const count = points.toLocaleString('en')
  const peak = `peak of memory with ${count} points logged and read`
  const measure = async ({ server, ask }: Served): Promise<Figures> => {
    const idle = memoryOf(server.pid).resident
    const read = await ask('history', { points })
    if (read.points !== points) throw new Error(`${read.points} points were read, ${points} were logged`)
    const { resident, peak: most } = memoryOf(server.pid)
    return { 'memory, idle': idle, [`memory after ${count} points`]: resident, [peak]: most }
  }
  const bars = { [peak]: { most: 150e6 } }
  return onStores((store) => compare(sides, { store, rounds: 1, measure, text: megabytesText, bars }))
}

/** Our server alone: how calls slow down as runs pile up. */
async function benchGrowth({ ours }: Sides, { growth, search, logMetricCalls }: Sizes): Promise<Row[]> {
  return onStores((store) =>
    ours.serve(store, async ({ ask, fill }) => {
      const rows: Row[] = []
      let filled = 0
      for (const runs of growth) {
        await fill(filled, runs - filled)
        filled = runs
        const one = await ask('logMetric', { calls: logMetricCalls })
        const page = await ask('search', { calls: search.calls, maxResults: 100 })
        const times = [median(one.latencies), median(page.latencies)].map(millisecondsText)
        const at = `${runs.toLocaleString('en')} runs, ${store}`
        rows.push({ name: `at ${at}`, value: `log_metric ${times[0]}, search ${times[1]}` })
        told(rows.slice(-1))
      }
      return rows
    }),
  )
}

async function onStores(work: (store: (typeof STORES)[number]) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = []
  for (const store of STORES) rows.push(...told(await work(store)))
  return rows
}
