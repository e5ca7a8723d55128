import { FdsError } from '../../errors.ts'
import { createRandom } from '../../math/random.ts'

/** An option that must be a whole number in [least, most]; PARAM_INVALID where it is not. */
export function wholeNumber(
  name: string,
  value: number,
  { least, most = Number.MAX_SAFE_INTEGER }: { least: number; most?: number },
): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  const expected = `a whole number ${most === Number.MAX_SAFE_INTEGER ? `≥ ${least}` : `in [${least}, ${most}]`}`
  throw new FdsError('PARAM_INVALID', { name, expected, got: String(value) })
}

/** A seed as NumPy takes it. */
export function wholeSeed(seed: number): number {
  return wholeNumber('seed', seed, { least: 0, most: 0xffffffff })
}

/** The seed of the `stream`-th worker of a study, far from the others'. */
export function streamSeed(seed: number, stream: number): number {
  return createRandom(seed).fork(String(stream)).uint32()
}
