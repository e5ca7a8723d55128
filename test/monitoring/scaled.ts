import { MINUTE, scaledTimes, type Times } from '../../deploy/src/rules/times.ts'

const minutes = scaledTimes(10)
const hours = scaledTimes(60)

/**
 * The times of the tests: five minutes take 30 s, an hour takes a minute. Minutes are scaled less, since a pause of
 * the machine stays as long as it is.
 */
export const SCALED: Times = (seconds) => (seconds <= 5 * MINUTE ? minutes : hours)(seconds)
