import type { Column, Table } from '../../data/table.ts'
import { createPolicy, type Policy } from '../../decision/index.ts'
import { type FeatureSpec, fitFeatures } from '../../features/index.ts'
import { createRandom, type Random } from '../../math/random.ts'
import { type Booster, saveXgboostModel, trainBooster } from '../../model/index.ts'
import { buildProfile, profileScores } from '../../monitoring/profile/build-profile.ts'
import { writeModelFolder } from '../../tracking/models/write-model-folder.ts'

/** A small model trained here on seeded payments, as the files that a registry would hold. */
export interface FixtureModel {
  readonly booster: Booster
  readonly spec: FeatureSpec
  readonly policy: Policy
  readonly files: Map<string, Uint8Array>
}

export const ROLES = {
  label: 'is_fraud',
  time: 'event_time',
  id: 'transaction_id',
  entity: 'customer_id',
  amount: 'amount',
} as const

const CATEGORIES = ['grocery', 'travel', 'fuel', 'café', 'games']

/** Payments with every kind of column; `numbers` plain columns beside eight others. A tenth of the cells is missing. */
export function fixtureTable({
  rows,
  numbers,
  seed,
}: {
  rows: number
  numbers: number
  seed: number
}): Table {
  const random = createRandom(seed)
  const columns: Column[] = [
    textColumn('transaction_id', rows, (row) => `tx-${seed}-${row}`),
    textColumn('customer_id', rows, () => `customer-${random.int(500)}`),
    numberColumn('event_time', 'timestamp', rows, (row) => 1_735_689_600 + row * 60),
    numberColumn('amount', 'number', rows, () => Math.round(Math.exp(random.normal() + 3) * 100) / 100),
    textColumn('category', rows, () => CATEGORIES[random.int(CATEGORIES.length)]!),
    textColumn('merchant', rows, () => (random.next() < 0.1 ? undefined : `merchant-${random.int(60)}`)),
    numberColumn('online', 'boolean', rows, () => random.int(2)),
    numberColumn('opened', 'date', rows, () => 86_400 * (19_000 + random.int(900))),
    ...Array.from({ length: numbers }, (_, i) => numberColumn(`n${i}`, 'number', rows, () => cell(random))),
  ]
  return { rowCount: rows, columns }
}

/** Trains on a fixture table; the same options give the same bytes. */
export function fixtureModel(
  options: { rows?: number; numbers?: number; trees?: number; seed?: number; policy?: Policy } = {},
): FixtureModel {
  const { rows = 400, numbers = 4, trees = 5, seed = 1, policy = createPolicy() } = options
  const table = fixtureTable({ rows, numbers, seed })
  const labels = labelsFor(table, seed)
  const { spec, matrix } = fitFeatures({ table, labels, roles: ROLES })
  const featureNames = spec.features.map((feature) => feature.name)
  const booster = trainBooster(
    { nEstimators: trees, maxDepth: 4, seed },
    { x: matrix, y: labels, featureNames },
  )
  const model = saveXgboostModel(booster, 'json')
  const [features, policyFile] = [encodeJson(spec), encodeJson(policy)]
  const files = writeModelFolder({
    runId: 'r',
    createdAt: 0,
    model,
    features,
    policy: policyFile,
    profile: encodeJson({
      ...buildProfile(table),
      scores: profileScores(booster.predict(matrix)),
    }),
    inputs: featureNames.map((name) => ({ name, type: 'any' })),
  })
  return { booster, spec, policy, files }
}

export function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

/** Fraud where the amount or the first number is large, with noise. */
function labelsFor(table: Table, seed: number): Uint8Array {
  const random = createRandom(seed).fork('labels')
  const amount = table.columns[3] as { values: Float64Array }
  return Uint8Array.from(amount.values, (value) => (Math.log(value) + random.normal() > 4.5 ? 1 : 0))
}

function cell(random: Random): number {
  if (random.next() < 0.1) return Number.NaN
  return random.next() < 0.5 ? random.int(10) : random.normal() * 100
}

function numberColumn(
  name: string,
  kind: 'number' | 'boolean' | 'timestamp' | 'date',
  rows: number,
  valueAt: (row: number) => number,
): Column {
  return { name, kind, values: Float64Array.from({ length: rows }, (_, row) => valueAt(row)) }
}

function textColumn(name: string, rows: number, textOf: (row: number) => string | undefined): Column {
  const categories: string[] = []
  const places = new Map<string, number>()
  const codes = Int32Array.from({ length: rows }, (_, row) => {
    const text = textOf(row)
    if (text === undefined) return -1
    const place = places.get(text) ?? categories.push(text) - 1
    places.set(text, place)
    return place
  })
  return { name, kind: 'text', codes, categories }
}
