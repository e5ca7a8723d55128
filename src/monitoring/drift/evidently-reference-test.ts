import {
  boundTest,
  configOf,
  type DriftMetric,
  type DriftTest,
  type MetricValue,
  pythonFixed,
  testConfig,
} from './evidently-shape.ts'

/** A test of a current value against the reference's: equal to it (`eq`) or no more (`le`), but for a tolerance. */
export interface ReferenceTest {
  readonly kind: 'eq' | 'le'
  /** The tolerance in parts of the reference's value; null for a millionth. */
  readonly relative: number | null
  /** Which part of a count of rows. */
  readonly part?: 'count' | 'share'
}

/** Within a tenth of the reference's value. */
export const NEAR: ReferenceTest = { kind: 'eq', relative: 0.1 }

/** The outcome in Evidently's words. `title`: what the value is called. */
export function referenceTest(
  metric: DriftMetric,
  input: { readonly test: ReferenceTest; readonly reference: MetricValue; readonly title: string },
): DriftTest {
  const { test, title } = input
  const [value, expected] = [partOf(metric.value, test), partOf(input.reference, test)]
  const tolerance = Math.max(Math.abs(expected) * (test.relative ?? 1e-6), 1e-12)
  const outcome = (test.kind === 'eq' ? equality : upperLimit)({ value, expected, tolerance })
  const limit = { relative: test.relative, absolute: null }
  const test_config =
    test.kind === 'eq'
      ? testConfig('EqualMetricTest', { expected: limit })
      : testConfig('LessOrEqualMetricTest', { threshold: limit })
  const bound = test.part === undefined ? {} : { is_count: test.part === 'count' }
  return {
    id: test.kind,
    name: `${title}: ${outcome.name}`,
    description: `${title}: Actual value ${pythonFixed(value, 3)} ${outcome.text}`,
    metric_config: configOf(metric),
    test_config,
    status: outcome.holds ? 'SUCCESS' : 'FAIL',
    bound_test: boundTest(test.part === undefined ? 'SingleValueBoundTest' : 'CountBoundTest', {
      metric,
      test: test_config,
      ...bound,
    }),
  }
}

interface Compared {
  readonly value: number
  readonly expected: number
  readonly tolerance: number
}

interface Outcome {
  readonly holds: boolean
  readonly name: string
  readonly text: string
}

function equality({ value, expected, tolerance }: Compared): Outcome {
  const holds = expected - tolerance <= value && value <= expected + tolerance
  const limit = limitText(expected, tolerance)
  return { holds, name: `Equal ${limit}`, text: holds ? ` expected ${limit}` : `, but expected ${limit}` }
}

/** Evidently's name has the limit twice, and its text says "<" only where the value is below the tolerance too. */
function upperLimit({ value, expected, tolerance }: Compared): Outcome {
  const limit = limitText(expected, tolerance)
  return {
    holds: expected + tolerance >= value,
    name: `Less or Equal ${limit}Reference ${limit} ± ${pythonFixed(tolerance, 3)}`,
    text: `${expected - tolerance > value ? '<' : '>='} ${limit}`,
  }
}

function limitText(expected: number, tolerance: number): string {
  return `${pythonFixed(expected, 3)} ± ${pythonFixed(tolerance, 3)}`
}

function partOf(value: MetricValue, { part }: ReferenceTest): number {
  if (typeof value === 'number') return value
  return value && part && part in value ? (value as Record<typeof part, number>)[part] : Number.NaN
}
