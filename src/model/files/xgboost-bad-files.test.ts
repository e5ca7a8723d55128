// Files that are cut off, damaged or made to harm: a clear error, never a hang, never a model with a wrong score.
import assert from 'node:assert/strict'
import test from 'node:test'
import { FdsError } from '../../errors.ts'
import { createRandom } from '../../math/random.ts'
import type { Booster } from '../booster.ts'
import { failsWith } from '../data.fixture.ts'
import type { Damage } from './xgboost-forms.fixture.ts'
import { damaged, FORMS, forestOf, nameOf, readExpected, readForm } from './xgboost-forms.fixture.ts'
import { loadXgboostModel, MODEL_FORMATS, saveXgboostModel } from './xgboost-model.ts'

const CATEGORICAL = FORMS[1]
const DART = FORMS[3]

test('refuses a file cut off at any byte, in both formats', () => {
  for (const format of MODEL_FORMATS) {
    const whole = readForm('3.2.0', DART, format)
    for (let end = 0; end < whole.length; end++) {
      assert.throws(
        () => loadXgboostModel(whole.subarray(0, end)),
        failsWith('MODEL_FILE_INVALID', 'must be'),
      )
    }
    assert.ok(loadXgboostModel(whole))
  }
})

test('refuses bytes behind the end', () => {
  for (const format of MODEL_FORMATS) {
    const longer = Buffer.concat([readForm('3.2.0', DART, format), Buffer.from('}')])
    assert.throws(
      () => loadXgboostModel(longer),
      failsWith('MODEL_FILE_INVALID', format === 'ubj' ? 'nothing may follow' : 'JSON'),
    )
  }
})

/** The model, or undefined where it was refused by a deliberate error; any other error fails the test. */
function loadOrRefuse(bytes: Uint8Array): Booster | undefined {
  try {
    return loadXgboostModel(bytes)
  } catch (error) {
    if (error instanceof FdsError && /^MODEL_(FILE_INVALID|UNSUPPORTED)$/.test(error.code)) return undefined
    throw error
  }
}

test('loads a model that gives finite margins, or refuses it, whichever bits of the file flip', () => {
  const random = createRandom(7)
  const outcomes = { loaded: 0, refused: 0 }
  for (const form of FORMS) {
    const { rows } = readExpected('3.2.0', form)
    for (const format of MODEL_FORMATS) {
      const whole = readForm('3.2.0', form, format)
      for (let round = 0; round < 1500; round++) {
        const bytes = Uint8Array.from(whole)
        for (let flips = 1 + random.int(3); flips > 0; flips--) {
          bytes[random.int(bytes.length)] ^= 1 << random.int(8)
        }
        const booster = loadOrRefuse(bytes)
        if (booster === undefined) outcomes.refused++
        else {
          outcomes.loaded++
          // a damaged name or count can change the number of columns
          if (booster.featureNames.length !== rows.columnCount) continue
          assert.ok(booster.predictMargin(rows).every(Number.isFinite), `${nameOf(form)}, round ${round}`)
        }
      }
    }
  }
  assert.ok(outcomes.loaded > 1000 && outcomes.refused > 1000, JSON.stringify(outcomes))
})

test('refuses files that contradict themselves and says where', () => {
  const tree = (m: unknown) => forestOf(m).trees[0]
  const cases: [Damage, string][] = [
    [(m) => (tree(m).left_children[1] = 0), 'node 0 must have one parent'],
    [(m) => (tree(m).left_children[1] = 1), 'node 1 must have one parent'],
    [(m) => (tree(m).right_children[0] = 1), 'node 1 must have one parent'],
    [(m) => (tree(m).left_children[0] = 9999), 'got 9999'],
    [(m) => (tree(m).left_children[0] = -1), 'got -1'],
    [(m) => (tree(m).left_children[0] = -2), 'integer from -1 up, got -2'],
    [(m) => (tree(m).left_children[0] = 1.5), 'integer from -1 up, got 1.5'],
    [(m) => (tree(m).left_children[0] = 2 ** 31), 'integer from -1 up'],
    [(m) => (tree(m).split_indices[0] = 6), 'one of 6 features, got 6'],
    [(m) => (tree(m).split_indices[0] = -1), 'got -1'],
    [(m) => (tree(m).default_left[0] = 256), 'default_left[0] must be 0 or 1, got 256'],
    [(m) => tree(m).split_conditions.pop(), 'split_conditions must have'],
    [(m) => tree(m).base_weights.push(1), 'base_weights must have'],
    [(m) => (tree(m).split_conditions[0] = null), 'finite float32, got NaN'],
    [(m) => (tree(m).split_conditions[0] = 'NaN'), 'finite float32'],
    [(m) => (tree(m).split_conditions[0] = 1e39), 'finite float32, got Infinity'],
    [(m) => (tree(m).sum_hessian[0] = null), 'sum_hessian[0] must be a finite float32, got null'],
    [(m) => (tree(m).tree_param.num_nodes = '-3'), 'num_nodes must be a count, got "-3"'],
    [(m) => (tree(m).tree_param.num_nodes = '0'), 'at least one node'],
    [(m) => (tree(m).tree_param.num_nodes = '999999999999'), 'must have 999999999999 items'],
    [(m) => (forestOf(m).trees[3] = null), 'trees[3] must be an object, got null'],
    [(m) => (forestOf(m).trees = {}), 'trees must be a list, got an object'],
    [(m) => (forestOf(m).gbtree_model_param.num_trees = '-1'), 'num_trees must be a count'],
    [(m) => (forestOf(m).gbtree_model_param.num_trees = '13'), 'num_trees must be the 8'],
    [(m) => (forestOf(m).tree_info[4] = 1), 'tree_info must be 8 times 0'],
    [(m) => (m.learner.learner_model_param.base_score = '[5E-1,2E-1]'), 'base_score'],
    [(m) => (m.learner.learner_model_param.base_score = 'NaN'), 'base_score'],
    [(m) => (m.learner.learner_model_param.base_score = '7'), 'base_score'],
    [(m) => (m.learner.learner_model_param.num_feature = '7'), 'feature_names must be num_feature = 7'],
    [(m) => (m.learner.feature_types = ['int']), 'feature_types must have 6 items, got 1'],
    [(m) => (m.learner.feature_names = 'abc'), 'feature_names must be a list, got "abc"'],
    [(m) => (m.learner.attributes.best_iteration = '99'), 'best_iteration must be below 4'],
    [(m) => (m.learner.attributes.best_iteration = 3), 'must be a text, got 3'],
    [(m) => delete m.learner.gradient_booster.model, 'gradient_booster.model must be an object'],
    [(m) => delete m.version, 'version must be a list, got nothing'],
    [(m) => delete m.learner, 'learner must be an object, got nothing'],
  ]
  for (const [damage, text] of cases) {
    assert.throws(() => loadXgboostModel(damaged(damage)), failsWith('MODEL_FILE_INVALID', text), text)
  }
})

test('refuses categories that do not fit together and says where', () => {
  const tree = (m: unknown) => forestOf(m).trees[0]
  const cases: [Damage, string][] = [
    [(m) => tree(m).categories_nodes.reverse(), 'categories_nodes must ascend'],
    [(m) => (tree(m).categories_nodes[1] = tree(m).categories_nodes[0]), 'categories_nodes must ascend'],
    [(m) => (tree(m).categories_nodes[0] = 9999), 'categories_nodes must ascend'],
    [(m) => (tree(m).categories_nodes[0] = -1), 'categories_nodes must ascend'],
    [(m) => tree(m).categories_nodes.pop(), 'categories_segments must have'],
    [(m) => tree(m).categories_sizes.pop(), 'categories_sizes must have'],
    [(m) => tree(m).categories_segments[1]--, 'categories_segments[1] must be'],
    [(m) => (tree(m).categories_sizes[0] = 0), 'categories_sizes[0] must be from 1'],
    [(m) => (tree(m).categories_sizes[0] = 2 ** 30), 'categories_sizes[0] must be from 1'],
    [(m) => tree(m).categories.push(3), 'categories must have'],
    [(m) => tree(m).categories.pop(), 'categories_sizes'],
    [(m) => (tree(m).categories[0] = -1), 'categories must ascend from 0 up'],
    [(m) => (tree(m).categories[0] = 2 ** 24), 'stay below 16777216'],
    [(m) => tree(m).split_type.fill(0), 'split_type must be 1 where categories_nodes names the node'],
    [(m) => tree(m).split_type.fill(1), 'split_type must be 1 where categories_nodes names the node'],
    [(m) => tree(m).split_type.pop(), 'split_type must have'],
    [(m) => (forestOf(m).cats = { enc: [], feature_segments: 3 }), ''],
    [(m) => (forestOf(m).cats = { enc: [{}] }), 'cats.enc must have 6 items, got 1'],
    [
      (m) => (forestOf(m).cats = { enc: Array(6).fill({ offsets: [0, 9], values: [97] }) }),
      'offsets must rise',
    ],
    [(m) => (forestOf(m).cats = { enc: Array(6).fill({ values: [0.5] }) }), 'must be an integer'],
  ]
  for (const [damage, text] of cases) {
    const bytes = damaged(damage, CATEGORICAL)
    if (text === '') assert.ok(loadXgboostModel(bytes))
    else assert.throws(() => loadXgboostModel(bytes), failsWith('MODEL_FILE_INVALID', text), text)
  }
})

test('refuses weights of trees that are missing, too few or infinite', () => {
  const cases: [Damage, string][] = [
    [(m) => delete m.learner.gradient_booster.weight_drop, 'weight_drop must be a list, got nothing'],
    [(m) => m.learner.gradient_booster.weight_drop.pop(), 'weight_drop must have 4 items, got 3'],
    [(m) => (m.learner.gradient_booster.weight_drop[2] = null), 'weight_drop[2] must be a finite float32'],
    [(m) => m.learner.gradient_booster.weight_drop.fill(3.4e38), 'add up to a finite float32'],
    [(m) => delete m.learner.gradient_booster.gbtree, 'gradient_booster.gbtree must be an object'],
  ]
  for (const [damage, text] of cases) {
    assert.throws(() => loadXgboostModel(damaged(damage, DART)), failsWith('MODEL_FILE_INVALID', text), text)
  }
})

test('refuses leaves that could add up to infinity', () => {
  const damage: Damage = (m) => {
    for (const { split_conditions, left_children } of forestOf(m).trees) {
      split_conditions[left_children.indexOf(-1)] = 3e38
    }
  }
  assert.throws(
    () => loadXgboostModel(damaged(damage)),
    failsWith('MODEL_FILE_INVALID', 'add up to a finite'),
  )
})

test('refuses what is no model at all', () => {
  for (const text of ['[]', 'null', '3', '"x"']) {
    assert.throws(() => loadXgboostModel(Buffer.from(text)), failsWith('MODEL_FILE_INVALID', 'an object'))
  }
  for (const bytes of [[], [0x7b], [0xff, 0xfe], [0x62, 0x69, 0x6e, 0x66]]) {
    assert.throws(() => loadXgboostModel(Uint8Array.from(bytes)), failsWith('MODEL_FILE_INVALID', 'JSON'))
  }
})

test('survives a hundred thousand levels of lists and objects in every place of a JSON file', () => {
  const depth = 100_000
  const bombs = [
    '['.repeat(depth) + ']'.repeat(depth),
    `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`,
    '['.repeat(depth),
  ]
  for (const bomb of bombs) {
    assert.throws(() => loadXgboostModel(Buffer.from(bomb)), failsWith('MODEL_FILE_INVALID', ''))
  }
  const places: Damage[] = [
    (m) => (forestOf(m).trees[0].left_children[0] = 'BOMB'),
    (m) => (forestOf(m).trees[0].split_conditions[0] = 'BOMB'),
    (m) => (forestOf(m).trees[0].tree_param.num_nodes = 'BOMB'),
    (m) => (m.learner.attributes.note = 'BOMB'),
    (m) => (m.learner.objective.name = 'BOMB'),
    (m) => (m.version = 'BOMB'),
  ]
  for (const damage of places) {
    const text = new TextDecoder().decode(damaged(damage)).replace('"BOMB"', bombs[0])
    assert.throws(() => loadXgboostModel(Buffer.from(text)), failsWith('MODEL_FILE_INVALID', 'must be'))
  }
})

test('reads a tree of a hundred thousand levels, and predicts and explains it', () => {
  const count = 200_001
  const each = (value: (i: number) => number) => Array.from({ length: count }, (_, i) => value(i))
  // even nodes split: a leaf beside the next split
  const isSplit = (i: number): boolean => i % 2 === 0 && i < count - 1
  const bytes = damaged((m) => {
    const zeros = ['split_indices', 'default_left', 'loss_changes', 'sum_hessian', 'base_weights']
    Object.assign(forestOf(m).trees[0], {
      left_children: each((i) => (isSplit(i) ? i + 1 : -1)),
      right_children: each((i) => (isSplit(i) ? i + 2 : -1)),
      split_conditions: each((i) => (i === count - 1 ? 0.5 : 0)),
      ...Object.fromEntries(zeros.map((name) => [name, each(() => 0)])),
      split_type: [],
      tree_param: { num_nodes: String(count) },
    })
  })
  const deep = loadXgboostModel(bytes)
  const shallow = loadXgboostModel(damaged(() => {}))
  assert.equal(deep.trees[0].nodeCount, count)
  // the row goes right at each level
  const row = [1, 1, 1, 1, 1, 1]
  assert.ok(deep.predictRow(row) !== shallow.predictRow(row))
  assert.ok(deep.importance('weight')['amount'] >= 100_000)
})

test('takes category 70,000 and sets of 70,000 categories', () => {
  const bytes = damaged((m) => {
    const zeros = { base_weights: [0, 0, 0], loss_changes: [0, 0, 0], sum_hessian: [0, 0, 0] }
    const stump = {
      ...zeros,
      categories: Array.from({ length: 70_000 }, (_, i) => i + 1),
      categories_nodes: [0],
      categories_segments: [0],
      categories_sizes: [70_000],
      default_left: [0, 0, 0],
      left_children: [1, -1, -1],
      right_children: [2, -1, -1],
      split_conditions: [0, -1, 1],
      split_indices: [3, 0, 0],
      split_type: [1, 0, 0],
      tree_param: { num_nodes: '3' },
    }
    Object.assign(forestOf(m), {
      trees: [stump],
      tree_info: [0],
      iteration_indptr: [0, 1],
      gbtree_model_param: { num_trees: '1', num_parallel_tree: '1' },
    })
    m.learner.learner_model_param.base_score = '5E-1'
  }, CATEGORICAL)
  const booster = loadXgboostModel(bytes)
  const again = loadXgboostModel(saveXgboostModel(booster, 'ubj'))
  const rows = [0, 1, 69_999, 70_000, 70_001].map((category) => [0, 0, 0, category, 0, 0])
  for (const model of [booster, again]) assert.deepEqual([...model.predictMargin(rows)], [-1, 1, 1, 1, -1])
})

test('does not let a file reach the prototype of objects', () => {
  const text = new TextDecoder()
    .decode(readForm('3.2.0', FORMS[0], 'json'))
    .replace('"attributes":{', '"__proto__":{"polluted":1},"attributes":{"__proto__":"x","constructor":"y",')
  const booster = loadXgboostModel(new TextEncoder().encode(text))
  assert.equal(Object.getPrototypeOf(booster.attributes), Object.prototype)
  assert.equal('polluted' in {}, false)
})
