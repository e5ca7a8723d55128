import { readFileSync } from 'node:fs'
import { FdsError } from '../../errors.ts'
import { type SharedMemory, WebAssembly } from './webassembly.ts'

/** What src/model/kernels exports, each function documented there. Pointers are byte addresses in the memory. */
export interface Kernels {
  logisticGradients(
    gradients: number,
    margins: number,
    labels: number,
    weights: number,
    begin: number,
    end: number,
  ): void
  buildHistogram(
    histogram: number,
    codes: number,
    stride: number,
    groups: number,
    gradients: number,
    rows: number,
    begin: number,
    end: number,
    isSparse: boolean,
  ): number
  buildWideHistogram(
    histogram: number,
    codes: number,
    stride: number,
    groups: number,
    gradients: number,
    rows: number,
    begin: number,
    end: number,
    columns: number,
  ): void
  clearColumns(histogram: number, firstSlot: number, columns: number, from: number, to: number): void
  addColumns(sums: number, other: number, firstSlot: number, columns: number, from: number, to: number): void
  subtractColumns: Kernels['addColumns']
  findBestSplit(
    best: number,
    histogram: number,
    firstSlot: number,
    features: number,
    featureCount: number,
    columns: number,
    node: number,
    rules: number,
    isBounded: boolean,
  ): void
  partitionRows(
    rows: number,
    count: number,
    left: number,
    right: number,
    codes: number,
    bin: number,
    missing: number,
  ): number
  partitionWideRows: Kernels['partitionRows']
  addLeaf(margins: number, rows: number, count: number, value: number): void
  copy(to: number, from: number, bytes: number): void
  sumGradients(sums: number, gradients: number, rows: number, count: number): void
  addLeaves(
    margins: number,
    rows: number,
    count: number,
    codes: number,
    stride: number,
    nodes: number,
    isWide: boolean,
  ): void
  cutColumn(
    values: number,
    rowCount: number,
    weights: number,
    maxBin: number,
    cuts: number,
    info: number,
    first: number,
    second: number,
    counters: number,
  ): void
  binColumn(
    values: number,
    rowCount: number,
    cuts: number,
    cutCount: number,
    width: number,
    codes: number,
    isWide: boolean,
  ): void
  interleave(
    columnCodes: number,
    rowCodes: number,
    rowCount: number,
    columnCount: number,
    stride: number,
    begin: number,
    end: number,
    isWide: boolean,
  ): void
  gatherRows(groups: number, rows: number, rowCount: number, columnCount: number): void
  addForest(
    groups: number,
    margins: number,
    groupCount: number,
    columnCount: number,
    trees: number,
    treesEnd: number,
  ): void
  addForestToRow(row: number, margin: number, trees: number, treesEnd: number): number
  findLeaves(
    groups: number,
    leaves: number,
    rowCount: number,
    columnCount: number,
    trees: number,
    treesEnd: number,
  ): void
}

/** A memory grows by pages of this size. */
export const PAGE_BYTES = 65_536
const PAGES_MAX = 65_536

let compiled: object | undefined

/**
 * The kernels at work on one memory. They are compiled once a thread, from `kernels/kernels.wasm`, which
 * `npm ci` makes.
 *
 * Errors: `KERNELS_MISSING` when that file is not there.
 */
export function loadKernels(memory: SharedMemory): Kernels {
  compiled ??= new WebAssembly.Module(readKernels())
  const instance = new WebAssembly.Instance(compiled, { env: { memory } })
  return instance.exports as unknown as Kernels
}

/**
 * A memory that threads share, all zeros. What is never touched costs no memory.
 * Errors: `MEMORY_TOO_SMALL` when more is asked for than 32-bit addresses reach or than the machine gives.
 *
 * @param what what the memory is for, for the message
 */
export function createSharedMemory(bytes: number, what: string): SharedMemory {
  const initial = Math.ceil(bytes / PAGE_BYTES)
  if (initial > PAGES_MAX) throw outOfMemory(bytes, what)
  try {
    return new WebAssembly.Memory({ initial, maximum: PAGES_MAX, shared: true })
  } catch {
    throw outOfMemory(bytes, what)
  }
}

function readKernels(): Uint8Array<ArrayBuffer> {
  try {
    return readFileSync(new URL('../kernels/kernels.wasm', import.meta.url))
  } catch {
    throw new FdsError('KERNELS_MISSING', {})
  }
}

/** The error for work that needs more than there is. */
export function outOfMemory(bytes: number, what: string): FdsError {
  const gibibytes = (count: number): number => Math.ceil((count / 2 ** 30) * 10) / 10
  return new FdsError('MEMORY_TOO_SMALL', {
    what,
    neededGiB: gibibytes(bytes),
    limitGiB: gibibytes(PAGES_MAX * PAGE_BYTES),
  })
}
