import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Matrix } from '../../../src/math/matrix.ts'
import { createRandom } from '../../../src/math/random.ts'
import { randomRows, readFixture } from '../../../src/model/data.fixture.ts'
import {
  FORMS,
  nameOf,
  readExpected,
  readForm,
  VERSIONS,
} from '../../../src/model/files/xgboost-forms.fixture.ts'
import {
  Booster,
  loadXgboostModel,
  MODEL_FORMATS,
  saveXgboostModel,
  trainBooster,
} from '../../../src/model/index.ts'

/** A model, the rows to judge it on, and the margins that the library computed for it if it is the library's. */
export interface JudgedModel {
  readonly name: string
  readonly booster: Booster
  readonly rows: Matrix
  readonly margins: Float32Array
}

/** Every form of XGBoost's models after we read them, and models of our own. */
export function judgedModels(): JudgedModel[] {
  return [...theirModels(), ...ourModels()]
}

/** Writes the models in both formats with what `judge.py` needs to judge them. */
export function writeModels(models: readonly JudgedModel[], folder: string): void {
  mkdirSync(folder, { recursive: true })
  const cases = models.map((model) => writeModel(model, folder))
  writeFileSync(join(folder, 'models.json'), JSON.stringify(cases))
}

function theirModels(): JudgedModel[] {
  return VERSIONS.flatMap((version) =>
    FORMS.map((form) => ({
      ...readExpected(version, form),
      name: `${nameOf(form)} of ${version}`,
      booster: loadXgboostModel(readForm(version, form, 'ubj')),
    })),
  )
}

function ourModels(): JudgedModel[] {
  const training = randomRows(createRandom(1), { rows: 600, columns: 3, missing: 0.1 })
  const held = randomRows(createRandom(2), { rows: 300, columns: 3, missing: 0.2 })
  const named = { ...training, featureNames: ['amount', 'ä "quoted"', 'hour, local'] }
  const stopped = { nEstimators: 60, earlyStoppingRounds: 3, baseScore: 0.2 }
  const evalSets = [{ name: 'held', ...held }]
  const boosters = {
    'ours, names and early stopping': trainBooster(stopped, { ...named, evalSets }),
    'ours, without names': trainBooster({ nEstimators: 20 }, training),
    'ours, named categories': loadXgboostModel(readFixture('forms-3.2.0/named-texts.ubj')),
    'ours, 70,000 categories': manyCategories(),
  }
  return Object.entries(boosters).map(([name, booster]) => {
    const rows = booster.featureNames.length === 3 ? held.x : codes(booster.featureNames.length)
    return { name, booster, rows, margins: booster.predictMargin(rows) }
  })
}

/** A stump that sends categories 1 to 70,000 right, weighted as `dart` does. */
function manyCategories(): Booster {
  const tree = {
    nodeCount: 3,
    left: Int32Array.of(1, -1, -1),
    right: Int32Array.of(2, -1, -1),
    parent: Int32Array.of(-1, 0, 0),
    feature: Int32Array.of(1, 0, 0),
    threshold: Float32Array.of(Number.NaN, -1, 1),
    defaultLeft: Uint8Array.of(1, 0, 0),
    gain: Float32Array.of(1, 0, 0),
    cover: Float32Array.of(2, 1, 1),
    baseWeight: Float32Array.of(0, -1, 1),
    categories: new Map([[0, Int32Array.from({ length: 70_000 }, (_, i) => i + 1)]]),
  }
  const featureTypes = ['float', 'c']
  return new Booster({
    featureNames: ['a', 'b'],
    featureTypes,
    baseScore: 0.3,
    trees: [tree],
    treeWeights: [0.7],
  })
}

/** Rows whose last column runs through categories that a model may know or not. */
function codes(columnCount: number): Matrix {
  const last = [0, 1, 2, 3, 69_999, 70_000, 70_001, Number.NaN]
  const values = last.flatMap((code) => [...Array<number>(columnCount - 1).fill(0.5), code])
  return { rowCount: last.length, columnCount, values: Float32Array.from(values) }
}

function writeModel({ name, booster, rows, margins }: JudgedModel, folder: string): object {
  for (const format of MODEL_FORMATS) {
    writeFileSync(join(folder, `${name}.${format}`), saveXgboostModel(booster, format))
  }
  const write = (kind: string, values: Float32Array): string => {
    const file = `${name}.${kind}`
    writeFileSync(join(folder, file), values)
    return file
  }
  const { featureNames, featureTypes, bestIteration, bestScore, attributes } = booster
  const isNamed = featureNames.some((feature, f) => feature !== `f${f}`)
  const kinds = ['weight', 'gain', 'cover', 'total_gain', 'total_cover'] as const
  return {
    name,
    rows: write('rows', rows.values),
    columnCount: rows.columnCount,
    margins: write('margins', margins),
    probabilities: write('probabilities', booster.predict(rows)),
    bestIteration: bestIteration ?? null,
    featureNames: isNamed ? featureNames : null,
    featureTypes,
    attributes: {
      ...attributes,
      ...(bestIteration !== undefined && { best_iteration: String(bestIteration) }),
      ...(bestScore !== undefined && { best_score: String(bestScore) }),
    },
    rounds: Math.ceil(booster.trees.length / booster.treesPerIteration),
    scores: Object.fromEntries(kinds.map((kind) => [kind, booster.importance(kind)])),
  }
}
