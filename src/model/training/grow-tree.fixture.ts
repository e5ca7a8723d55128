// For tests only: grows one tree on given gradients, with as many threads and histograms as a test wants.

import type { BoosterParams } from '../params.ts'
import { viewsOf } from '../threads/address-space.ts'
import { giveBackArena, takeArena } from '../threads/arenas.ts'
import { startTeam } from '../threads/team.ts'
import type { Tree } from '../tree.ts'
import { TreeGrower } from './grow-tree.ts'
import { regularizationOf } from './leaf-weight.ts'
import type { NodeTable } from './node-table.ts'
import type { QuantileMatrix } from './quantile-matrix.ts'
import { levelOrder, readTree } from './read-tree.ts'
import { layTraining, slotOffset, type TrainingLayout } from './training-layout.ts'

export interface Growth {
  readonly matrix: QuantileMatrix
  readonly params: BoosterParams
  /** Gradient and hessian of each row, interleaved. */
  readonly gradients: Float32Array
  readonly rows: ArrayLike<number>
  readonly tree?: number
  readonly threads?: number
  /** Histograms that may be kept, of all threads and of each; as many as the product has when absent. */
  readonly histograms?: number
}

export interface Grown {
  readonly tree: Tree
  /** By node of the tree its rows. */
  readonly rowsOf: readonly Int32Array[]
}

export function growTree(growth: Growth): Grown {
  const { matrix, params, gradients, rows, tree = 0, threads = 1, histograms } = growth
  const { memory } = matrix
  const arena = takeArena(memory, layTraining(matrix, params, threads, 0).end, 'a test')
  const whole = layTraining(matrix, params, threads, arena)
  const layout = {
    ...whole,
    sharedHistograms: whole.sharedHistograms.slice(0, histograms),
    ownHistograms: whole.ownHistograms.map((own) => own.slice(0, histograms)),
  }
  const { int32, float32 } = viewsOf(memory)
  writeColumns({ int32, float32 }, layout, growth)
  float32.set(gradients, layout.gradients / 4)
  int32.set(rows, layout.rows / 4)
  const team = startTeam('training', memory, layout, threads)
  try {
    const grower = new TreeGrower(memory, layout, team, params)
    grower.grow(tree, rows.length)
    const { table } = grower.worker
    const order = orderOf(params, table, int32[layout.nodeCount / 4])
    const start = layout.rows / 4
    return {
      tree: readTree(table, order, matrix.cuts),
      rowsOf: order.map((node) => int32.slice(start + table.begin(node), start + table.end(node))),
    }
  } finally {
    team.end()
    giveBackArena(memory, arena)
  }
}

function orderOf({ growPolicy }: BoosterParams, table: NodeTable, nodeCount: number): number[] {
  return growPolicy === 'depthwise' ? levelOrder(table) : Array.from({ length: nodeCount }, (_, node) => node)
}

function writeColumns(
  { int32, float32 }: { int32: Int32Array; float32: Float32Array },
  layout: TrainingLayout,
  { matrix, params }: Growth,
): void {
  const { cuts, columnCount, stride } = matrix
  const { lambda, alpha, maxDeltaStep, minChildWeight } = regularizationOf(params)
  float32.set([lambda, alpha, maxDeltaStep, minChildWeight], layout.rules / 4)
  for (let f = 0; f < stride; f++) {
    const bins = f < columnCount ? cuts.offsets[f + 1] - cuts.offsets[f] : 0
    const record = [slotOffset(matrix, f), bins, cuts.hasMissing[f] ?? 0, params.monotoneConstraints[f] ?? 0]
    int32.set(record, layout.columns / 4 + 4 * f)
    if (f < columnCount) int32[layout.allFeatures / 4 + f] = f
  }
}

export function allRows(rowCount: number): number[] {
  return Array.from({ length: rowCount }, (_, row) => row)
}

/** The nodes that are leaves. */
export function leavesOf(tree: Tree): number[] {
  return allRows(tree.nodeCount).filter((node) => tree.left[node] < 0)
}
