import assert from 'node:assert/strict'
import test from 'node:test'
import {
  contourData,
  edfData,
  intermediateValuesData,
  optimizationHistoryData,
  parallelCoordinateData,
  sliceData,
  timelineData,
} from '../index.ts'
import type { ParamValue } from '../study/distribution.ts'
import {
  type Golden,
  type GoldenStudy,
  numberOf,
  readGolden,
  studyOf,
  trialOf,
} from './golden-study.fixture.ts'

interface GoldenAxis {
  readonly name: string
  readonly range: readonly number[]
  readonly isLog: boolean
  readonly isCategorical: boolean
  readonly indices: readonly (number | string)[]
  readonly values: readonly (number | string | null)[]
}

interface GoldenDimension {
  readonly label: string
  readonly values: readonly number[]
  readonly range: readonly number[]
  readonly isLog: boolean
  readonly isCategorical: boolean
  readonly tickValues: readonly number[]
  readonly tickText: readonly string[]
  readonly hasMissing: boolean
}

interface Case extends GoldenStudy {
  readonly plots: {
    readonly history: readonly {
      numbers: readonly number[]
      values: readonly Golden[]
      best: readonly Golden[]
    }[]
    readonly intermediate: readonly { number: number; values: readonly (readonly [number, Golden])[] }[]
    readonly edf: { readonly x: readonly number[]; readonly y: readonly number[] }
    readonly slice: readonly {
      readonly param: string
      readonly x: readonly ParamValue[]
      readonly y: readonly number[]
      readonly numbers: readonly number[]
      readonly isLog: boolean
      readonly isNumerical: boolean
      readonly choices: readonly ParamValue[] | null
    }[]
    readonly contour: {
      readonly axes: readonly GoldenAxis[]
      readonly cells: readonly { x: string; y: string; z: readonly (readonly [number, number, number])[] }[]
    }
    readonly parallel: readonly GoldenDimension[]
  }
}

const golden = readGolden<Case>('analysis-plots').map((item) => ({ plots: item.plots, study: studyOf(item) }))

const PYTHON: Readonly<Record<string, string>> = { None: 'null', True: 'true', False: 'false' }
/** A choice as Python writes it, as JavaScript does. */
const spelled = (text: number | string): number | string =>
  typeof text === 'string' ? (PYTHON[text] ?? text) : text

function assertNear(got: readonly number[], expected: readonly number[]): void {
  assert.equal(got.length, expected.length)
  got.forEach((value, i) => {
    assert.ok(
      Math.abs(value - expected[i]!) <= 1e-12 * Math.max(1, Math.abs(value)),
      `${value}, ${expected[i]}`,
    )
  })
}

test('history, learning curves and distribution have the numbers of Optuna', () => {
  for (const { plots, study } of golden) {
    const history = optimizationHistoryData(study)
    const { numbers = [], values = [], best = [] } = plots.history[0] ?? {}
    assert.deepEqual(history, { numbers, values: values.map(numberOf), best: best.map(numberOf) })
    assert.deepEqual(
      intermediateValuesData(study).map(({ number, values }) => ({ number, values })),
      plots.intermediate.map(({ number, values }) => ({
        number,
        values: values.map(([s, v]) => [s, numberOf(v)]),
      })),
    )
    const edf = edfData(study)
    assertNear(edf.x, plots.edf.x)
    assert.deepEqual(edf.lines[0]?.y ?? [], plots.edf.y)
  }
})

test('slices have the numbers of Optuna', () => {
  for (const { plots, study } of golden) {
    const expected = plots.slice.map(({ isNumerical, ...slice }) => slice)
    assert.deepEqual(sliceData(study), expected)
  }
})

test('contours have the axes and the values of Optuna', () => {
  for (const { plots, study } of golden) {
    const { axes, pairs } = contourData(study)
    axes.forEach((axis, i) => {
      const expected = plots.contour.axes[i]!
      const { name, isLog, isCategorical } = expected
      assert.deepEqual(
        { name: axis.name, isLog: axis.isLog, isCategorical: axis.isCategorical },
        { name, isLog, isCategorical },
      )
      assertNear(axis.range, expected.range)
      assert.deepEqual(
        axis.values,
        expected.values.map((value) => value && spelled(value)),
      )
      if (isCategorical) assert.deepEqual(axis.indices, expected.indices.map(spelled).sort())
      else assertNear(axis.indices as number[], expected.indices as number[])
    })
    const cells = plots.contour.cells
      .map((cell) => ({ ...cell, z: translated(cell, plots.contour.axes) }))
      .sort((a, b) => (`${a.x} ${a.y}` < `${b.x} ${b.y}` ? -1 : 1))
    assert.deepEqual(
      pairs.map((pair) => ({ ...pair, z: pair.z.toSorted(byPlace) })),
      cells,
    )
  }
})

type Place = readonly [number, number, number]
const byPlace = (a: Place, b: Place): number => a[0] - b[0] || a[1] - b[1]

/** Python sorts None and True before small letters, JavaScript null and true among them. */
function translated(
  cell: { x: string; y: string; z: readonly Place[] },
  axes: readonly GoldenAxis[],
): Place[] {
  const moved = [cell.x, cell.y].map((name) => {
    const { indices, isCategorical } = axes.find((axis) => axis.name === name)!
    const ours = indices.map(spelled).sort()
    return (index: number) => (isCategorical ? ours.indexOf(spelled(indices[index]!)) : index)
  })
  return cell.z.map(([x, y, z]) => [moved[0]!(x), moved[1]!(y), z] as const).toSorted(byPlace)
}

test('parallel coordinates have the axes and the lines of Optuna', () => {
  for (const { plots, study } of golden) {
    const { dimensions } = parallelCoordinateData(study, { targetName: 'Objective Value' })
    dimensions.forEach((dimension, i) => {
      const expected = plots.parallel[i]!
      const { label, isLog, isCategorical, hasMissing } = expected
      const { range, values, tickValues, tickText, ...flags } = dimension
      assert.deepEqual(flags, { label, isLog, isCategorical, hasMissing })
      assertNear(range, expected.range)
      // Optuna leaves the ticks of a plain axis to the drawing library, and gives its lines another order
      if (expected.tickValues.length > 0) assertNear(tickValues, expected.tickValues)
      if (isCategorical && !hasMissing) assert.deepEqual(tickText, expected.tickText.map(spelled))
      assertNear([...values].sort(), [...expected.values].sort())
    })
  }
})

test('several studies share one grid of the distribution, and one without a value has no line', () => {
  const [a, b] = [golden[2]!.study, golden[3]!.study]
  const both = edfData([a, b, { direction: 'minimize', studyName: 'empty', trials: [] }])
  assert.equal(both.lines.length, 2)
  assert.equal(both.x[0], Math.min(edfData(a).x[0]!, edfData(b).x[0]!))
  assert.equal(both.lines[0]!.y.at(-1), 1)
})

test('a timeline has a bar a started trial; one that runs lasts until now', () => {
  const trials = [
    trialOf({ number: 0, datetimeStart: 1_000, datetimeComplete: 4_000 }),
    trialOf({ number: 1, state: 'RUNNING', datetimeStart: 2_000 }),
    trialOf({ number: 2, state: 'FAIL', datetimeStart: 3_000 }),
    trialOf({ number: 3, state: 'WAITING' }),
  ]
  const study = { direction: 'minimize', studyName: 's', trials } as const
  const ends = (now?: number) =>
    timelineData(study, now === undefined ? {} : { now }).map(({ complete }) => complete)
  assert.deepEqual(ends(), [4_000, 4_000, 4_000])
  assert.deepEqual(ends(9_000), [4_000, 9_000, 4_000])
  const timeless = { ...study, trials: [trialOf({})] }
  assert.throws(() => timelineData(timeless), { code: 'STUDY_STATE_INVALID' })
})

test('a wanted parameter must be in the study', () => {
  assert.throws(() => sliceData(golden[1]!.study, { params: ['nothing'] }), { code: 'PARAM_UNKNOWN' })
})
