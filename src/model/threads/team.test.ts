// Helpers work on a training's task that adds leaf values to the margins of a block of rows. Each block has one leaf of
// one row here, of value 1: how often the block was visited stands in that row's margin.
import assert from 'node:assert/strict'
import test from 'node:test'
import { completeParams } from '../parse-params.ts'
import { NodeTable } from '../training/node-table.ts'
import { quantileMatrix } from '../training/quantile-matrix.ts'
import { FIRST, TASKS } from '../training/training-job.ts'
import { BLOCK_ROWS, layTraining } from '../training/training-layout.ts'
import { viewsOf } from './address-space.ts'
import { takeArena } from './arenas.ts'
import { leadTeam } from './lead-team.ts'
import { startTeam, type Team, threadCountOf } from './team.ts'
import { startJob, type Task } from './team-jobs.ts'

const BLOCKS = 32
const ROWS = BLOCKS * BLOCK_ROWS
const THREADS = 3
/** Helpers need some time to start. */
const PATIENCE_MS = 10_000

const x = { rowCount: ROWS, columnCount: 1, values: new Float32Array(ROWS) }

/** Lays out a root, and behind it a leaf for the first row of each block. */
function prepare() {
  const matrix = quantileMatrix(x, { nJobs: 1 })
  const params = completeParams({ maxDepth: 8 })
  const { memory } = matrix
  const layout = layTraining(
    matrix,
    params,
    THREADS,
    takeArena(memory, layTraining(matrix, params, THREADS, 0).end, ''),
  )
  const views = viewsOf(memory)
  const stats = { gradient: 0, hessian: 1, gain: 0, lowerBound: 0, upperBound: 0 }
  const table = new NodeTable(views, layout.nodes)
  table.addLeaf(0, stats, { depth: 0, begin: 0, end: ROWS, key: 0 }, 0)
  for (let block = 0; block < BLOCKS; block++) {
    const begin = block * BLOCK_ROWS
    table.addLeaf(1 + block, stats, { depth: 1, begin, end: begin + 1, key: 0 }, 1)
    views.int32[layout.nodeList / 4 + block] = 1 + block
  }
  views.int32[layout.args / 4 + FIRST] = BLOCKS
  for (let row = 0; row < ROWS; row++) views.int32[layout.rows / 4 + row] = row
  const job = { kind: 'training', memory, layout } as const
  const margins = views.float32.subarray(layout.margins / 4, layout.margins / 4 + ROWS)
  return { job, margins, own: startJob({ ...job, thread: 0 }) }
}

const { job, margins, own } = prepare()

/** The tasks of the thread that leads, and how often it carried one out. */
function counted(tasks: readonly Task[]): { tasks: Task[]; calls: () => number } {
  let calls = 0
  const count =
    (task: Task): Task =>
    (index) => {
      calls++
      task(index)
    }
  return { tasks: tasks.map(count), calls: () => calls }
}

/** Runs until `isDone`, at least some times; returns how often. */
function runUntil(team: Team, isDone: () => boolean): number {
  const end = Date.now() + PATIENCE_MS
  let runs = 0
  while (runs < 20 || (!isDone() && Date.now() < end)) {
    team.run(TASKS.leaves, BLOCKS)
    runs++
  }
  return runs
}

/** How often each block was visited. */
function visits(): number[] {
  return Array.from({ length: BLOCKS }, (_, block) => margins[block * BLOCK_ROWS])
}

function assertVisits(runs: number): void {
  assert.deepEqual(visits(), Array(BLOCKS).fill(runs))
}

test('carries out a task once for each index, whichever threads take part', () => {
  margins.fill(0)
  const { tasks, calls } = counted(own)
  const team = leadTeam(job, tasks, THREADS)
  const runs = runUntil(team, () => margins[0] * BLOCKS > calls())
  for (let i = 0; i < 2000; i++) team.run(TASKS.leaves, BLOCKS)
  team.end()
  assertVisits(runs + 2000)
  assert.ok(calls() < (runs + 2000) * BLOCKS, 'no helper took part')
})

test('serves jobs one after another, and several at a time on one thread', () => {
  margins.fill(0)
  for (let i = 0; i < 30; i++) {
    const team = startTeam(job.kind, job.memory, job.layout, 1 + (i % THREADS))
    team.run(TASKS.leaves, BLOCKS)
    const inner = startTeam(job.kind, job.memory, job.layout, 2)
    inner.run(TASKS.leaves, BLOCKS)
    team.run(TASKS.leaves, BLOCKS)
    if (i % 2 === 0) inner.run(TASKS.leaves, BLOCKS)
    team.end()
    inner.run(TASKS.leaves, BLOCKS)
    inner.end()
  }
  assertVisits(30 * 4 + 15)
})

test('runs a task for no index, and for fewer than there are threads', () => {
  margins.fill(0)
  const team = startTeam(job.kind, job.memory, job.layout, THREADS)
  team.run(TASKS.leaves, 0)
  for (let i = 0; i < 50; i++) team.run(TASKS.leaves, 1)
  team.end()
  assert.deepEqual(visits(), [50, ...Array(BLOCKS - 1).fill(0)])
})

test('lets helpers that come after the end of a job go on to the next', () => {
  for (let i = 0; i < 50; i++) startTeam(job.kind, job.memory, job.layout, THREADS).end()
  assertHelpersTakePart()
})

test('throws the error of the thread that leads as it is, and goes on after it', () => {
  margins.fill(0)
  let isBroken = true
  const tasks = own.map(
    (task): Task =>
      (index) => {
        if (isBroken && index === 5) throw new RangeError('no such leaf')
        task(index)
      },
  )
  const team = leadTeam(job, tasks, 1)
  assert.throws(() => team.run(TASKS.leaves, BLOCKS), new RangeError('no such leaf'))
  team.end()
  const shared = leadTeam(job, tasks, THREADS)
  // a helper may be quicker to take the index
  for (let i = 0; i < 30; i++) {
    try {
      shared.run(TASKS.leaves, BLOCKS)
    } catch (error) {
      assert.deepEqual(error, new RangeError('no such leaf'))
    }
  }
  isBroken = false
  margins.fill(0)
  shared.run(TASKS.leaves, BLOCKS)
  shared.end()
  assertVisits(1)
})

const BROKEN: readonly [string, unknown, RegExp][] = [
  ['in a task', { ...job.layout, margins: 2 ** 32 - 64 }, /A helper thread failed: .*out of bounds/],
  ['before its first task', undefined, /A helper thread failed: TypeError/],
]

for (const [when, layout, message] of BROKEN) {
  test(`says what made a helper fail ${when}, and the helper serves the next job`, () => {
    const broken = leadTeam({ ...job, layout }, own, THREADS)
    assert.throws(() => runUntil(broken, () => false), message)
    broken.end()
    assertHelpersTakePart()
  })
}

test('counts the threads that are asked for, all cores for 0 and below, never more than there are', () => {
  const cores = threadCountOf(0)
  assert.ok(cores >= 1)
  assert.deepEqual([threadCountOf(1), threadCountOf(-1), threadCountOf(1024)], [1, cores, cores])
})

/** Runs phases until a helper has done some of the work. */
function assertHelpersTakePart(): void {
  margins.fill(0)
  const { tasks, calls } = counted(own)
  const team = leadTeam(job, tasks, THREADS)
  const runs = runUntil(team, () => margins[0] * BLOCKS > calls())
  team.end()
  assertVisits(runs)
  assert.ok(calls() < runs * BLOCKS, 'no helper took part')
}
