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
  binColumn(values: number, rowCount: number, cuts: number, cutCount: number, codes: number): void
  binWideColumn(
    values: number,
    rowCount: number,
    cuts: number,
    cutCount: number,
    codes: number,
    width: number,
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
