import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DATASOURCE, JOB, toTarget } from './query.ts'

/** A dashboard as its file says it. */
export interface DashboardPlan {
  /** Part of its address and the name of its file; never changed, since bookmarks and links hold it. */
  readonly uid: string
  readonly title: string
  readonly description: string
  /** What is shown at first, such as `now-1h`. */
  readonly from: string
  /** How often it asks again, such as `30s`. */
  readonly refresh: string
  /** Choices beside data source, job and instance. */
  readonly variables?: readonly Builder<VariableModel>[]
  readonly rows: readonly Row[]
}

export interface Row {
  readonly title: string
  readonly panels: readonly Builder<Panel>[]
}

/** Builds a dashboard: its rows in order, with the choices, links and alert marks that all of ours share. */
export function assemble(plan: DashboardPlan): Dashboard {
  const builder = new DashboardBuilder(plan.title)
    .uid(plan.uid)
    .description(plan.description)
    .tags([TAG])
    .time({ from: plan.from, to: 'now' })
    .refresh(plan.refresh)
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .variables([...sharedVariables(), ...(plan.variables ?? [])])
    .link(linkToOthers())
    .annotation(firingAlerts())
  for (const { title, panels } of plan.rows) {
    builder.withRow(new RowBuilder(title))
    for (const panel of panels) builder.withPanel(panel)
  }
  return finish(builder.build())
}

/** A choice of one value of a label. */
export function labelVariable(words: { name: string; label: string; query: string; first: string }) {
  const { name, label, query, first } = words
  return fromLabels(name, label, query).current({ text: first, value: first })
}

/** What finds our dashboards, for their links to each other too. */
const TAG = 'fds'

/** No value stands for all jobs: Prometheus scrapes itself and others too. */
function sharedVariables(): Builder<VariableModel>[] {
  const jobs = fromLabels('job', '서비스 (job)', 'label_values(fds_requests_total, job)')
  const instances = fromLabels('instance', '인스턴스', `label_values(fds_requests_total{${JOB}}, instance)`)
  return [
    new DatasourceVariableBuilder('datasource')
      .label('데이터 소스')
      .type('prometheus')
      .current({ text: 'default', value: 'default' }),
    allAtFirst(jobs),
    allAtFirst(instances).allValue('.*'),
  ]
}

function allAtFirst(variable: QueryVariableBuilder): QueryVariableBuilder {
  return variable.multi(true).includeAll(true).current({ text: 'All', value: '$__all' })
}

function fromLabels(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query({ query, refId: name })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
}

function linkToOthers(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('FDS 대시보드')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(false)
    .includeVars(true)
    .keepTime(true)
}

function firingAlerts(): AnnotationQueryBuilder {
  const expr = 'ALERTS{alertstate="firing",severity=~"page|ticket"}'
  return new AnnotationQueryBuilder()
    .name('발생한 알림 (Alerts)')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor('red')
    .target(toTarget({ expr, legend: '' }, 'Anno'))
    .titleFormat('{{alertname}}')
    .textFormat('{{severity}} {{job}} {{feature}}')
    .tagKeys('severity')
}

/**
 * Gives panels ids, which Grafana would else draw anew at each load, and shows links and the alerts' switch above the
 * panels instead of in a menu, where the SDK puts them.
 */
function finish(dashboard: Dashboard): Dashboard {
  const inView = <T extends { placement?: unknown }>({ placement: _, ...rest }: T) => rest
  return {
    ...dashboard,
    panels: (dashboard.panels ?? []).map((panel, i) => ({ ...panel, id: i + 1 })),
    links: (dashboard.links ?? []).map(inView),
    annotations: { list: (dashboard.annotations.list ?? []).map(inView) },
  }
}
