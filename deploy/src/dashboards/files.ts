import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { driftDashboard } from './drift.ts'
import { experimentsDashboard } from './experiments.ts'
import { monitoringDashboard } from './monitoring.ts'
import { serviceDashboard } from './service.ts'

/** Every dashboard, in the order in which one would read them. */
export function dashboards(): readonly Dashboard[] {
  return [monitoringDashboard(), driftDashboard(), experimentsDashboard(), serviceDashboard()]
}

/** The dashboards as files, by their path under `deploy/`. */
export function dashboardFiles(): Record<string, string> {
  return Object.fromEntries(
    dashboards().map((dashboard) => [
      `grafana/dashboards/${dashboard.uid}.json`,
      `${JSON.stringify(dashboard, null, 2)}\n`,
    ]),
  )
}
