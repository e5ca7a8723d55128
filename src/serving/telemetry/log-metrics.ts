import type { Registry } from '@prometheus-io/client'
import { Gauge } from '@prometheus-io/client'
import type { DecisionLog } from '../log/decision-log.ts'
import { counter, definition, gauge, histogram } from './metrics.ts'

/** Exposes how the decision log is doing: what waits, how much goes into a commit, how long that takes, what failed. */
export function exposeLog(
  registry: Registry,
  log: Pick<DecisionLog, 'depth' | 'durability' | 'onCommit'>,
): void {
  const decisions = histogram(registry, 'fds_log_commit_decisions')
  const seconds = histogram(registry, 'fds_log_commit_seconds')
  const failures = counter(registry, 'fds_log_failures_total')
  gauge(registry, 'fds_log_info').set({ durability: log.durability }, 1)
  new Gauge({
    ...definition('fds_log_waiting'),
    registers: [registry],
    collect() {
      this.set(log.depth)
    },
  })
  log.onCommit((facts) => {
    // labels and shadow scores may come alone
    if (facts.decisions > 0) decisions.observe(facts.decisions)
    seconds.observe(Math.max(0, facts.seconds))
    if (facts.isFailed) failures.inc()
  })
}
