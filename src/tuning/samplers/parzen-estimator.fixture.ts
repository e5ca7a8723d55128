import { ParzenEstimator } from './parzen-estimator.ts'
import type { SearchSpace } from './search-space.ts'

/** An estimator learnt from lists of values, by parameter. */
export function estimatorOf(space: SearchSpace, observed: readonly (readonly number[])[]): ParzenEstimator {
  const values = space.map(([, distribution], d) => {
    const isLog = distribution.kind !== 'categorical' && distribution.log
    return Float64Array.from([...observed[d]!, 1], (value) => (isLog ? Math.log(value) : value))
  })
  return new ParzenEstimator(space, { numbers: Int32Array.from(observed[0]!.keys()), values })
}
