// Golden values: leaves and margins of XGBoost 3.2.0 (test/fixtures/model/make_prediction.py), equal to the last bit.
import assert from 'node:assert/strict'
import test from 'node:test'
import { failsWith, floatsOfBase64, readJsonFixture } from '../data.fixture.ts'
import { loadXgboostModel } from '../files/xgboost-model.ts'

interface Golden {
  readonly model: unknown
  readonly rows: string
  readonly leaves: readonly (readonly number[])[]
  readonly ranges: readonly { range: [number, number]; margins: string }[]
  /** Rows with infinities, -0, denormals and the largest numbers. */
  readonly extremes?: { readonly rows: string; readonly margins: string }
}

function rowsOf(text: string) {
  const values = floatsOfBase64(text)
  return { rowCount: values.length / 5, columnCount: 5, values }
}

for (const [kind, golden] of Object.entries(readJsonFixture<Record<string, Golden>>('prediction.json'))) {
  const booster = loadXgboostModel(new TextEncoder().encode(JSON.stringify(golden.model)))
  const x = rowsOf(golden.rows)

  test(`finds the leaves of pred_leaf: ${kind}`, () => {
    assert.deepEqual([...booster.predictLeaf(x)], golden.leaves.flat())
    const trees = 2 * booster.treesPerIteration
    const some = booster.predictLeaf(x, { iterationRange: [1, 3] })
    const expected = golden.leaves.flatMap((row) => row.slice(trees / 2, trees / 2 + trees))
    assert.deepEqual([...some], expected)
  })

  test(`takes ranges of iterations as XGBoost does: ${kind}`, () => {
    for (const { range, margins } of golden.ranges) {
      assert.deepEqual(booster.predictMargin(x, { iterationRange: range }), floatsOfBase64(margins))
    }
    for (const iterationRange of [
      [5, 3],
      [0, 7],
      [7, 0],
      [-1, 2],
      [0, -1],
      [0.5, 2],
      [0, Number.NaN],
    ] as const) {
      const text = `must be two integers, 0 <= begin <= end <= 6, got [${iterationRange.join(', ')}]`
      assert.throws(() => booster.predict(x, { iterationRange }), failsWith('PARAM_INVALID', text))
      assert.throws(() => booster.predictLeaf(x, { iterationRange }), failsWith('PARAM_INVALID', text))
    }
  })

  test(`takes infinities and the edges of float32 as XGBoost does: ${kind}`, () => {
    if (golden.extremes === undefined) return
    const { rows, margins } = golden.extremes
    assert.deepEqual(booster.predictMargin(rowsOf(rows)), floatsOfBase64(margins))
  })
}
