const ROUNDS = 7

/** Milliseconds of seven calls after one to warm up: the least, and the mean. */
export function timed(measure: () => unknown): { readonly least: number; readonly mean: number } {
  // what is measured must be used, or it may be left out
  let sink = measure()
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now()
    sink = measure()
    return performance.now() - start
  })
  if (sink === undefined) throw new Error('what is measured gave nothing')
  return { least: Math.min(...times), mean: times.reduce((sum, time) => sum + time, 0) / ROUNDS }
}
