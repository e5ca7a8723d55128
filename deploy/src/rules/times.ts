/** Writes seconds as Prometheus does. Every duration of rules and configuration passes through one of these. */
export type Times = (seconds: number) => string

export const MINUTE = 60
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

const UNITS = [
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', 1],
] as const

/** The durations as they are: 300 is `5m`. */
export const realTimes: Times = (seconds) => {
  const [letter, size] = UNITS.find(([, unit]) => seconds % unit === 0) ?? ['s', 1]
  return `${seconds / size}${letter}`
}

/** All durations divided by `factor`, no less than a second: what takes minutes can be watched in a test. */
export function scaledTimes(factor: number): Times {
  return (seconds) => `${Math.max(1, Math.round(seconds / factor))}s`
}
