import { createRandom } from '../../math/random.ts'
import type { BoosterParams } from '../params.ts'
import { type Views, viewsOf } from '../threads/address-space.ts'
import { giveBackArena, takeArena } from '../threads/arenas.ts'
import { startTeam, type Team, threadCountOf } from '../threads/team.ts'
import type { Tree } from '../tree.ts'
import { TreeGrower } from './grow-tree.ts'
import { regularizationOf } from './leaf-weight.ts'
import type { NodeTable } from './node-table.ts'
import { type QuantileMatrix, SHARED_CELLS } from './quantile-matrix.ts'
import { levelOrder, readTree } from './read-tree.ts'
import { createRowSampler } from './row-sampler.ts'
import { blockCount, FIRST, TASKS } from './training-job.ts'
import { layTraining, slotOffset, type TrainingLayout } from './training-layout.ts'

/** What trees are grown from. */
export interface Boosting {
  readonly params: BoosterParams
  readonly matrix: QuantileMatrix
  readonly labels: Uint8Array
  /** With `scale_pos_weight` in them. */
  readonly weights: Float32Array
  /** Margin of each row before the first tree. */
  readonly margins: Float32Array
  /** How many trees the model has already: the first new one continues its random numbers. */
  readonly treesBefore: number
}

/**
 * Grows one tree after another on the gradients that the trees before it leave, and gives each as soon as it is
 * grown. Ends when whoever takes the trees stops.
 */
export function* boost(on: Boosting): Generator<Tree, void> {
  const { params, matrix } = on
  const { memory, rowCount, columnCount } = matrix
  const threadCount = rowCount * columnCount < SHARED_CELLS ? 1 : threadCountOf(params.nJobs)
  const size = layTraining(matrix, params, threadCount, 0).end
  const arena = takeArena(memory, size, 'training')
  const layout = layTraining(matrix, params, threadCount, arena)
  const views = viewsOf(memory)
  fill(views, layout, on)
  const team = startTeam('training', memory, layout, threadCount)
  try {
    const grower = new TreeGrower(memory, layout, team, params)
    const sampleRows = createRowSampler(grower.worker, layout, params.subsample)
    for (let iteration = 0; iteration < params.nEstimators; iteration++) {
      const tree = on.treesBefore + iteration
      team.run(TASKS.gradients, blockCount(rowCount))
      const taken = sampleRows(createRandom(params.seed).fork(`rows of tree ${tree}`))
      grower.grow(tree, taken)
      addLeaves(team, layout, grower.worker.table, views.int32, { taken, left: rowCount - taken })
      yield readTree(
        grower.worker.table,
        orderOf(params, grower.worker.table, views.int32, layout),
        matrix.cuts,
      )
    }
  } finally {
    team.end()
    giveBackArena(memory, arena)
  }
}

/** Writes what stays the same: columns, rules, labels, weights; and the margins to start from. */
function fill({ bytes, int32, float32 }: Views, layout: TrainingLayout, on: Boosting): void {
  const { params, matrix } = on
  const { cuts, columnCount, stride } = matrix
  const { lambda, alpha, maxDeltaStep, minChildWeight } = regularizationOf(params)
  float32.set([lambda, alpha, maxDeltaStep, minChildWeight], layout.rules / 4)
  bytes.set(on.labels, layout.labels)
  float32.set(on.weights, layout.weights / 4)
  float32.set(on.margins, layout.margins / 4)
  for (let f = 0; f < stride; f++) {
    const bins = f < columnCount ? cuts.offsets[f + 1] - cuts.offsets[f] : 0
    const record = [
      slotOffset(matrix, f),
      bins,
      f < columnCount ? cuts.hasMissing[f] : 0,
      params.monotoneConstraints[f] ?? 0,
    ]
    int32.set(record, layout.columns / 4 + 4 * f)
    if (f < columnCount) int32[layout.allFeatures / 4 + f] = f
  }
}

/** Adds the tree to the margins of the rows it was grown on and of the others. */
function addLeaves(
  team: Team,
  layout: TrainingLayout,
  table: NodeTable,
  int32: Int32Array,
  rows: { taken: number; left: number },
): void {
  const args = layout.args / 4
  const leaves: number[] = []
  for (let node = 0; node < int32[layout.nodeCount / 4]; node++) if (table.left(node) < 0) leaves.push(node)
  leaves.sort((a, b) => table.begin(a) - table.begin(b))
  int32.set(leaves, layout.nodeList / 4)
  int32[args + FIRST] = leaves.length
  team.run(TASKS.leaves, blockCount(rows.taken))
  int32[args + FIRST] = rows.left
  team.run(TASKS.others, blockCount(rows.left))
}

/** XGBoost numbers nodes as they come to be; level by level that is known without asking which thread did it. */
function orderOf(
  { growPolicy }: BoosterParams,
  table: NodeTable,
  int32: Int32Array,
  { nodeCount }: TrainingLayout,
): readonly number[] {
  if (growPolicy === 'depthwise') return levelOrder(table)
  return Array.from({ length: int32[nodeCount / 4] }, (_, node) => node)
}
