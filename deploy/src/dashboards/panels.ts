import { PanelBuilder as BarChart } from '@grafana/grafana-foundation-sdk/barchart'
import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge'
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { PanelBuilder as AnyPanel } from '@grafana/grafana-foundation-sdk/dashboard'
import {
  CellValuesBuilder,
  PanelBuilder as Heatmap,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapColorScale,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap'
import {
  PanelBuilder as PieChart,
  PieChartLabels,
  PieChartLegendOptionsBuilder,
  PieChartLegendValues,
  PieChartType,
} from '@grafana/grafana-foundation-sdk/piechart'
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline'
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries'
import { colorByBands, describePanel, type PanelWords } from './panel.ts'

export interface StatWords extends PanelWords {
  /** Shows the names of the series instead of their values. */
  readonly names?: boolean
}

/** One number, coloured by its bands, with its course behind it where the query gives one. */
export function stat({ names, ...words }: StatWords) {
  const instant = words.queries.every((query) => query.instant)
  return colorByBands(describePanel(new Stat(), { height: 4, ...words }))
    .textMode(names ? BigValueTextMode.Name : BigValueTextMode.Auto)
    .colorMode(words.bands || words.values ? BigValueColorMode.Background : BigValueColorMode.Value)
    .graphMode(instant ? BigValueGraphMode.None : BigValueGraphMode.Area)
    .reduceOptions(lastValue())
}

export interface TimeSeriesWords extends PanelWords {
  readonly stacked?: boolean
}

/** Lines over time; bands become dashed lines. */
export function timeSeries({ stacked, ...words }: TimeSeriesWords) {
  const panel = describePanel(new TimeSeries(), words)
    .legend(tableLegend())
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .showPoints(VisibilityMode.Never)
    .fillOpacity(stacked ? 40 : 8)
  if (stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
  if (!words.bands) return panel
  return panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
}

/** One bar a series: upright like a histogram, or lying like a ranking. */
export function bars(words: PanelWords, direction: 'upright' | 'lying') {
  return colorByBands(describePanel(new BarGauge(), words))
    .displayMode(BarGaugeDisplayMode.Basic)
    .orientation(direction === 'upright' ? VizOrientation.Vertical : VizOrientation.Horizontal)
    .showUnfilled(direction === 'lying')
    .reduceOptions(lastValue())
}

/** Two tables side by side, joined by a column: what is expected and what is, for each of its values. */
export function comparison(words: PanelWords, column: string) {
  const names = words.queries.map(({ legend }, i) => [`Value #${String.fromCharCode(65 + i)}`, legend])
  const hidden = ['Time', 'Time 1', 'Time 2'].map((name) => [name, true])
  return describePanel(new BarChart(), words)
    .withTransformation({ id: 'joinByField', options: { byField: column, mode: 'outer' } })
    .withTransformation({
      id: 'organize',
      options: { excludeByName: Object.fromEntries(hidden), renameByName: Object.fromEntries(names) },
    })
    .withTransformation({ id: 'sortBy', options: { sort: [{ field: column }] } })
    .xField(column)
    .showValue(VisibilityMode.Never)
    .groupWidth(0.8)
    .legend(tableLegend([]))
}

/** Shares of a whole. */
export function pie(words: PanelWords) {
  return describePanel(new PieChart(), words)
    .pieType(PieChartType.Donut)
    .displayLabels([PieChartLabels.Name, PieChartLabels.Percent])
    .reduceOptions(lastValue())
    .legend(
      new PieChartLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Right)
        .values([PieChartLegendValues.Value, PieChartLegendValues.Percent]),
    )
}

/** Counts by time and bucket; the unit is that of the buckets, a cell is a count. */
export function heatMap(words: PanelWords) {
  return describePanel(new Heatmap(), words)
    .calculate(false)
    .yAxis(new YAxisConfigBuilder().unit(words.unit))
    .cellValues(new CellValuesBuilder().unit('short').decimals(0))
    .color(
      new HeatmapColorOptionsBuilder()
        .mode(HeatmapColorMode.Scheme)
        .scheme('Oranges')
        .scale(HeatmapColorScale.Exponential)
        .exponent(0.5)
        .steps(64),
    )
    .showLegend()
}

/** A strip of states for each series. */
export function stateTimeline(words: PanelWords) {
  return colorByBands(describePanel(new StateTimeline(), words))
    .showValue(VisibilityMode.Auto)
    .mergeValues(true)
    .rowHeight(0.8)
}

/** The alerts that fire or are about to, of Prometheus and of Grafana. The SDK has no builder for this kind. */
export function alertList({ title, description, width, height }: Omit<PanelWords, 'unit' | 'queries'>) {
  return new AnyPanel()
    .type('alertlist')
    .title(title)
    .description(description)
    .span(width)
    .height(height ?? 8)
    .options({
      viewMode: 'list',
      groupMode: 'default',
      maxItems: 30,
      sortOrder: 3,
      dashboardAlerts: false,
      alertInstanceLabelFilter: '{severity=~"page|ticket"}',
      stateFilter: {
        firing: true,
        pending: true,
        recovering: true,
        noData: false,
        normal: false,
        error: true,
      },
    })
}

function lastValue() {
  return new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false)
}

function tableLegend(calcs = ['lastNotNull', 'max']) {
  return new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Bottom)
    .calcs(calcs)
}
