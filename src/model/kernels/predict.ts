// Walks rows through trees. Rows lie in groups of eight, column after column: the eight values of one column side by
// side, so that one group is walked in eight lanes at once. Compiled trees are described in write-forest.ts.

/** Bytes of one column of a group. */
const COLUMN_BYTES: usize = 32

const NODE_SHIFT: i32 = 4
const TREE_SHIFT: usize = 4

/** From tree records: how many levels to go down at most, and whether a split is categorical. */
const DEPTH: usize = 4
const CATEGORICAL: usize = 8
const NODE_IDS: usize = 12

/** Steps between two looks at whether all lanes stand at leaves; a tree no deeper is walked without looking. */
const ROUND: i32 = 16

/** Four trees of one row go at once up to so many levels; beyond, each ends at its leaf. */
const FOUR_LEVELS: i32 = 32

/** Levels that every tree has. */
const FULL_LEVELS: i32 = 3

/** XGBoost takes a value from here up for no category. */
const CATEGORY_END: f32 = 16777216

/** Copies rows, value after value, into groups of eight. Lanes beyond the last row keep what they held. */
export function gatherRows(groups: usize, rows: usize, rowCount: i32, columnCount: i32): void {
  const groupBytes = <usize>columnCount * COLUMN_BYTES
  for (let row = 0; row < rowCount; row++) {
    let to = groups + <usize>(row >> 3) * groupBytes + ((<usize>(row & 7)) << 2)
    for (let column = 0; column < columnCount; column++) {
      store<f32>(to, load<f32>(rows))
      rows += 4
      to += COLUMN_BYTES
    }
  }
}

/**
 * Adds the leaves of the trees whose records lie from `tree` to `treeEnd` to the margins of the groups' rows, tree
 * after tree in float32: XGBoost's order and rounding. Eight margins a group.
 */
export function addForest(
  groups: usize,
  margins: usize,
  groupCount: i32,
  columnCount: i32,
  tree: usize,
  treeEnd: usize,
): void {
  const groupBytes = <usize>columnCount * COLUMN_BYTES
  for (; tree < treeEnd; tree += 1 << TREE_SHIFT) {
    const isCategorical = load<i32>(tree, CATEGORICAL) !== 0
    let group = groups
    let sums = margins
    for (let i = 0; i < groupCount; i++) {
      if (isCategorical) addTreeLaneByLane(group, sums, tree)
      else addTreeToGroup(group, sums, tree)
      group += groupBytes
      sums += 32
    }
  }
}

function addTreeToGroup(group: usize, sums: usize, tree: usize): void {
  const root = <usize>load<u32>(tree)
  let levels = load<i32>(tree, DEPTH) - FULL_LEVELS
  const low = belowTop(root, group)
  const high = belowTop(root, group + 16)
  let a = <usize>i32x4.extract_lane(low, 0)
  let b = <usize>i32x4.extract_lane(low, 1)
  let c = <usize>i32x4.extract_lane(low, 2)
  let d = <usize>i32x4.extract_lane(low, 3)
  let e = <usize>i32x4.extract_lane(high, 0)
  let f = <usize>i32x4.extract_lane(high, 1)
  let g = <usize>i32x4.extract_lane(high, 2)
  let h = <usize>i32x4.extract_lane(high, 3)
  // leaves lead to themselves, so that every lane goes down equally often and no branch depends on a value
  for (;;) {
    for (let level = min(levels, ROUND); level > 0; level--) {
      a = step(a, group)
      b = step(b, group + 4)
      c = step(c, group + 8)
      d = step(d, group + 12)
      e = step(e, group + 16)
      f = step(f, group + 20)
      g = step(g, group + 24)
      h = step(h, group + 28)
    }
    levels -= ROUND
    if (levels <= 0) break
    if (isLeaf(a) && isLeaf(b) && isLeaf(c) && isLeaf(d) && isLeaf(e) && isLeaf(f) && isLeaf(g) && isLeaf(h))
      break
  }
  addLeafOf(sums, a)
  addLeafOf(sums + 4, b)
  addLeafOf(sums + 8, c)
  addLeafOf(sums + 12, d)
  addLeafOf(sums + 16, e)
  addLeafOf(sums + 20, f)
  addLeafOf(sums + 24, g)
  addLeafOf(sums + 28, h)
}

/** The nodes on level 3 of four lanes: all seven splits above are decided, and the right decisions chosen. */
function belowTop(root: usize, lanes: usize): v128 {
  const top = decide(root, lanes)
  const left = decide(root + 16, lanes)
  const right = decide(root + 32, lanes)
  const ofLeft = v128.bitselect(decide(root + 64, lanes), decide(root + 48, lanes), left)
  const ofRight = v128.bitselect(decide(root + 96, lanes), decide(root + 80, lanes), right)
  // each decision is all ones for the second child; the nodes of level 3 begin behind the seven above
  const first = v128.and(top, i32x4.splat(4 << NODE_SHIFT))
  const second = v128.and(v128.bitselect(right, left, top), i32x4.splat(2 << NODE_SHIFT))
  const third = v128.and(v128.bitselect(ofRight, ofLeft, top), i32x4.splat(1 << NODE_SHIFT))
  const base = i32x4.splat(<i32>root + (7 << NODE_SHIFT))
  return i32x4.add(i32x4.add(base, first), i32x4.add(second, third))
}

/** Whether the rows of four lanes go to the node's second child. */
function decide(node: usize, lanes: usize): v128 {
  const values = v128.load(lanes + <usize>load<u32>(node, 8))
  return f32x4.ge(f32x4.mul(values, v128.load32_splat(node, 12)), v128.load32_splat(node))
}

function addTreeLaneByLane(group: usize, sums: usize, tree: usize): void {
  for (let lane: usize = 0; lane < COLUMN_BYTES; lane += 4) addLeafOf(sums + lane, leafOf(tree, group + lane))
}

function addLeafOf(sum: usize, leaf: usize): void {
  store<f32>(sum, load<f32>(sum) + load<f32>(leaf, 12))
}

/** `margin` plus the leaves of one row, which stands in the first lane of a group. Four trees go at once. */
export function addForestToRow(row: usize, margin: f32, tree: usize, treeEnd: usize): f32 {
  const fourEnd = tree + ((treeEnd - tree) & ~((4 << TREE_SHIFT) - 1))
  for (; tree < fourEnd; tree += 4 << TREE_SHIFT) {
    const treeB = tree + (1 << TREE_SHIFT)
    const treeC = tree + (2 << TREE_SHIFT)
    const treeD = tree + (3 << TREE_SHIFT)
    let levels = max(max(levelsOf(tree), levelsOf(treeB)), max(levelsOf(treeC), levelsOf(treeD)))
    let a: usize
    let b: usize
    let c: usize
    let d: usize
    if (levels > FOUR_LEVELS) {
      a = leafOf(tree, row)
      b = leafOf(treeB, row)
      c = leafOf(treeC, row)
      d = leafOf(treeD, row)
    } else {
      a = <usize>load<u32>(tree)
      b = <usize>load<u32>(treeB)
      c = <usize>load<u32>(treeC)
      d = <usize>load<u32>(treeD)
      for (; levels > 0; levels--) {
        a = step(a, row)
        b = step(b, row)
        c = step(c, row)
        d = step(d, row)
      }
    }
    margin += load<f32>(a, 12)
    margin += load<f32>(b, 12)
    margin += load<f32>(c, 12)
    margin += load<f32>(d, 12)
  }
  for (; tree < treeEnd; tree += 1 << TREE_SHIFT) margin += load<f32>(leafOf(tree, row), 12)
  return margin
}

/** Levels of the tree; too many for one with categorical splits, so that it is walked alone. */
function levelsOf(tree: usize): i32 {
  return load<i32>(tree, CATEGORICAL) !== 0 ? FOUR_LEVELS + 1 : load<i32>(tree, DEPTH)
}

/** Writes for each row of the groups and each tree which node of the tree, as the tree numbers them, is its leaf. */
export function findLeaves(
  groups: usize,
  leaves: usize,
  rowCount: i32,
  columnCount: i32,
  trees: usize,
  treeEnd: usize,
): void {
  const groupBytes = <usize>columnCount * COLUMN_BYTES
  for (let row = 0; row < rowCount; row++) {
    const lane = groups + <usize>(row >> 3) * groupBytes + ((<usize>(row & 7)) << 2)
    for (let tree = trees; tree < treeEnd; tree += 1 << TREE_SHIFT) {
      const place = (leafOf(tree, lane) - <usize>load<u32>(tree)) >> NODE_SHIFT
      store<u32>(leaves, load<u32>(<usize>load<u32>(tree, NODE_IDS) + (place << 2)))
      leaves += 4
    }
  }
}

/** One row's leaf in any tree; in a deep one the walk ends where the leaf is. */
function leafOf(tree: usize, lane: usize): usize {
  let node = <usize>load<u32>(tree)
  let levels = levelsOf(tree)
  if (levels <= ROUND) {
    for (; levels > 0; levels--) node = step(node, lane)
    return node
  }
  while (<usize>load<u32>(node, 4) !== node) {
    // only a leaf and a categorical split have no threshold
    node = isMissing(load<f32>(node)) ? categoricalStep(node, lane) : step(node, lane)
  }
  return node
}

/** Down one level: the second child lies behind the first, and no comparison with NaN is true. */
function step(node: usize, lane: usize): usize {
  const value = load<f32>(lane + <usize>load<u32>(node, 8)) * load<f32>(node, 12)
  return <usize>load<u32>(node, 4) + ((<usize>(value >= load<f32>(node))) << NODE_SHIFT)
}

/** Whether the node is a leaf, in a tree without categorical splits. */
function isLeaf(node: usize): bool {
  return isMissing(load<f32>(node))
}

/** Whether it is NaN, by its bits: engines compare floats for equality with a branch. */
function isMissing(value: f32): bool {
  return (reinterpret<u32>(value) & 0x7fffffff) > 0x7f800000
}

function categoricalStep(node: usize, lane: usize): usize {
  const value = load<f32>(lane + <usize>load<u32>(node, 8))
  const set = <usize>load<u32>(node, 12)
  const goesSecond = isMissing(value) ? load<u32>(set) !== 0 : hasCategory(set, value)
  return <usize>load<u32>(node, 4) + ((<usize>goesSecond) << NODE_SHIFT)
}

/**
 * Whether the value, its fraction cut off, is in the set; never so for a negative or too large one (XGBoost's). Low
 * categories stand as bits, the others in an ascending list behind them.
 */
function hasCategory(set: usize, value: f32): bool {
  if (value < 0 || value >= CATEGORY_END) return false
  const category = <i32>value
  const words = load<i32>(set, 4)
  const word = category >> 5
  if (word < words) return ((load<u32>(set + ((<usize>word) << 2), 12) >> (category & 31)) & 1) !== 0
  let count = load<i32>(set, 8)
  if (count === 0) return false
  let from = set + 12 + ((<usize>words) << 2)
  // halves what is left of the list
  for (; count > 1; ) {
    const half = count >> 1
    const middle = from + ((<usize>half) << 2)
    from = load<i32>(middle) <= category ? middle : from
    count -= half
  }
  return load<i32>(from) === category
}
