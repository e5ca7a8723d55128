// For tests and docs/compatibility.md: every form of model that XGBoost writes and this room reads, and those it refuses.
import type { Matrix } from '../../math/matrix.ts'
import { floatsOfBase64, readFixture, readJsonFixture } from '../data.fixture.ts'
import type { ImportanceKind } from '../importance.ts'
import type { ModelFormat } from './xgboost-model.ts'

/** The versions that made the golden files (test/fixtures/model/make.py). */
export const VERSIONS = ['1.7.6', '2.1.4', '3.2.0'] as const

export const FORMS = [
  { booster: 'gbtree', splits: 'numerical' },
  { booster: 'gbtree', splits: 'categorical' },
  { booster: 'dart', splits: 'numerical' },
  { booster: 'dart', splits: 'categorical' },
] as const

export type Version = (typeof VERSIONS)[number]
export type Form = (typeof FORMS)[number]

export function nameOf({ booster, splits }: Form): string {
  return `${booster}-${splits}`
}

export function readForm(version: Version, form: Form, format: ModelFormat): Uint8Array {
  return readFixture(`forms-${version}/${nameOf(form)}.${format}`)
}

/** The rows, and what the library makes of them. */
export interface Expected {
  readonly rows: Matrix
  readonly margins: Float32Array
  readonly scores: Readonly<Record<ImportanceKind, Readonly<Record<string, number>>>>
}

export function readExpected(version: Version, form: Form): Expected {
  const file = readJsonFixture<{
    rows: string
    columnCount: number
    cases: Record<string, { margins: string; scores: Expected['scores'] }>
  }>(`forms-${version}/expected.json`)
  const values = floatsOfBase64(file.rows)
  const { columnCount } = file
  const { margins, scores } = file.cases[nameOf(form)]
  return {
    rows: { rowCount: values.length / columnCount, columnCount, values },
    margins: floatsOfBase64(margins),
    scores,
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the tests damage a parsed file at will
export type Damage = (model: any) => void

/** The bytes of XGBoost 3.2.0's JSON file after the damage. */
export function damaged(damage: Damage, form: Form = FORMS[0]): Uint8Array {
  const model = JSON.parse(new TextDecoder().decode(readForm('3.2.0', form, 'json')))
  damage(model)
  return Buffer.from(JSON.stringify(model))
}

// biome-ignore lint/suspicious/noExplicitAny: as above
export const forestOf = (model: any) => {
  const booster = model.learner.gradient_booster
  return (booster.gbtree ?? booster).model
}

/** Models that XGBoost may write and this room refuses by name: what they are, what the error names, how one is made. */
export const REFUSALS: readonly { what: string; named: string; damage: Damage }[] = [
  ...[
    'multi:softprob',
    'multi:softmax',
    'reg:squarederror',
    'reg:logistic',
    'binary:logitraw',
    'binary:hinge',
    'rank:ndcg',
    'count:poisson',
    'survival:cox',
    'survival:aft',
  ].map((objective) => ({
    what: `objective ${objective}`,
    named: `got ${objective}`,
    damage: ((m) => (m.learner.objective.name = objective)) as Damage,
  })),
  {
    what: 'booster gblinear',
    named: 'got gblinear',
    damage: (m) => (m.learner.gradient_booster.name = 'gblinear'),
  },
  { what: 'several classes', named: 'got 3', damage: (m) => (m.learner.learner_model_param.num_class = '3') },
  {
    what: 'several targets',
    named: 'got 2',
    damage: (m) => (m.learner.learner_model_param.num_target = '2'),
  },
  {
    what: 'leaves of several values',
    named: 'got 3',
    damage: (m) => (forestOf(m).trees[0].tree_param.size_leaf_vector = '3'),
  },
  {
    what: 'categories named by other whole numbers than their own (data frames, 3.1 and later)',
    named: 'the whole numbers 10, 20',
    damage: (m) => {
      const none = { offsets: [], values: [] }
      forestOf(m).cats = { enc: [none, { type: 15, values: [10, 20] }, none, none, none, none] }
    },
  },
  {
    what: 'iterations of different numbers of trees (training continued with another `num_parallel_tree`)',
    named: 'begin iterations at 0, 1, 2',
    damage: (m) => (forestOf(m).iteration_indptr = [0, 1, 2, 4, 8]),
  },
  { what: 'a later major version', named: 'got 4', damage: (m) => (m.version = [4, 0, 0]) },
]
