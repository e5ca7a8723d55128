import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus'

/** A dashboard's file, as far as tests look at it. */
export interface DashboardFile {
  readonly uid: string
  readonly title: string
  readonly panels: readonly PanelFile[]
  readonly templating: { readonly list: readonly { readonly name: string }[] }
  readonly annotations: { readonly list: readonly { readonly target: Dataquery }[] }
}

export interface PanelFile {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } }
  readonly targets?: readonly Dataquery[]
}

/** Values for Grafana's variables, as a reader would have them an hour after the start. */
export const VARIABLES: Readonly<Record<string, string>> = {
  __rate_interval: '1m',
  __range: '1h',
  job: 'fds-api',
  instance: '.*',
  feature: 'score',
}

/** A query as Prometheus is asked it; throws on a variable without a value. */
export function withVariables(expr: string, values: Readonly<Record<string, string>> = VARIABLES): string {
  return expr.replace(/\$([a-z_]\w*)/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no value for $${name} in ${expr}`)
    return value
  })
}

/** The names of metrics in a PromQL expression: every name that is no function, keyword, label or duration. */
export function metricNames(expr: string): string[] {
  const bare = withVariables(expr)
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, '')
    .replace(/\boffset\s+\w+/g, '')
  const names = bare.matchAll(/(?<![\w.])([a-zA-Z_:][\w:]*)(?!\w*\s*\()/g)
  return [...new Set([...names].map(([, name]) => name!).filter((name) => !KEYWORDS.has(name)))]
}

const KEYWORDS = new Set(['and', 'or', 'unless', 'bool', 'by', 'without', 'on', 'ignoring'])
