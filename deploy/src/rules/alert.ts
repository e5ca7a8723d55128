import type { Times } from './times.ts'

/** Who is told: page wakes somebody, ticket goes to the channel of the day, info is shown on the dashboard alone. */
export const SEVERITIES = ['page', 'ticket', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

/** A recording rule; its name states the window that it has in real times. */
export interface Recording {
  readonly record: string
  readonly expr: (time: Times) => string
}

export interface Alert {
  readonly name: string
  readonly severity: Severity
  /** Labels beside `severity` and `service`: a page silences the ticket of the same `slo`. */
  readonly labels?: Readonly<Record<string, string>>
  readonly expr: (time: Times) => string
  /** How long it must hold, in seconds. */
  readonly lasting: number
  readonly summary: string
  /** What is told beside the summary, of the values below; the firing case says how each reads. */
  readonly description: (values: readonly string[]) => string
  /** Prometheus templates without their braces, such as `$value | humanizePercentage`. */
  readonly values?: readonly string[]
  readonly firing: FiringCase
  /** States in which it must say nothing; none for the one that always speaks. */
  readonly silent: readonly Case[]
}

/** What `promtool test rules` plays: each series from the start, one value a minute unless `step` says otherwise. */
export interface Case {
  readonly series: Readonly<Record<string, string>>
  /** When it is looked, in seconds. */
  readonly at: number
  /** Seconds between two values; 60 by default. */
  readonly step?: number
}

export interface FiringCase extends Case {
  /** How the description's values read at that moment; nothing where there are none. */
  readonly values?: readonly string[]
  /** Labels of the alert beside those that it always has. */
  readonly labels?: Readonly<Record<string, string>>
}

export interface Group {
  readonly name: string
  readonly recordings?: readonly Recording[]
  readonly alerts?: readonly Alert[]
}

/** The alert's part of `docs/runbook.md`. */
export function runbookOf(name: string): string {
  return `docs/runbook.md#${name.toLowerCase()}`
}

/** The labels that every firing of the alert has. */
export function labelsOf({ severity, labels }: Alert): Record<string, string> {
  return { severity, service: 'fds-api', ...labels }
}
