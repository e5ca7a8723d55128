/** Failures and slow answers that must have come before a ratio counts: one bad request of three wakes nobody. */
export const LEAST_EVENTS = 10

/** Requests that ask for a decision or report a label; the rest of the port is no service to customers. */
export const WORK = 'endpoint=~"/predict|/predict/batch|/labels"'

/** Requests for one decision, which have the latency objective; a batch may take as long as it is. */
export const ONE_DECISION = 'endpoint="/predict"'
