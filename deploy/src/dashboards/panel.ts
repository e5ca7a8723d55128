import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common'
import {
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  type Panel,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DATASOURCE, type Query, toTarget } from './query.ts'

/** What a panel says and asks, whatever draws it. */
export interface PanelWords {
  readonly title: string
  /** What is shown, and what to do when it looks bad. */
  readonly description: string
  /** One of Grafana's unit ids, such as `s` or `percentunit`. */
  readonly unit: string
  readonly queries: readonly Query[]
  /** Of the 24 columns of a dashboard. */
  readonly width: number
  /** In Grafana's rows of 30 pixels; 8 by default. */
  readonly height?: number
  readonly decimals?: number
  readonly min?: number
  readonly max?: number
  /** Colours by value: each holds from its number on, the first from below. */
  readonly bands?: readonly Band[]
  /** Words and colours for values. */
  readonly values?: Readonly<Record<number, { readonly text: string; readonly color: string }>>
  /** What is shown where nothing is measured; 데이터 없음 by default. */
  readonly nothing?: string
  /** The look of single series, by name. */
  readonly series?: Readonly<Record<string, SeriesLook>>
}

export type Band = readonly [from: number | null, color: string]

export interface SeriesLook {
  readonly name?: string
  readonly color?: string
}

/** Green below the number, red from it on. */
export function redFrom(limit: number): readonly Band[] {
  return [
    [null, 'green'],
    [limit, 'red'],
  ]
}

/** What the builders of all kinds of panels share. */
export interface PanelBuilder extends Builder<Panel> {
  title(title: string): this
  description(description: string): this
  unit(unit: string): this
  datasource(datasource: DataSourceRef): this
  span(width: number): this
  height(height: number): this
  decimals(decimals: number): this
  min(min: number): this
  max(max: number): this
  noValue(words: string): this
  mappings(mappings: ValueMapping[]): this
  thresholds(thresholds: Builder<{ mode: ThresholdsMode; steps: Threshold[] }>): this
  colorScheme(color: FieldColorBuilder): this
  overrideByName(name: string, properties: DynamicConfigValue[]): this
  withTarget(target: Builder<Dataquery>): this
}

/** Gives a panel its words, queries and limits. */
export function describePanel<Kind extends PanelBuilder>(panel: Kind, words: PanelWords): Kind {
  panel
    .title(words.title)
    .description(words.description)
    .unit(words.unit)
    .datasource(DATASOURCE)
    .span(words.width)
    .height(words.height ?? 8)
    .noValue(words.nothing ?? '데이터 없음')
  words.queries.forEach((query, i) => {
    panel.withTarget(toTarget(query, String.fromCharCode(65 + i)))
  })
  setLimits(panel, words)
  for (const [name, look] of Object.entries(words.series ?? {})) panel.overrideByName(name, toOverrides(look))
  return panel
}

/** Colours a panel by its bands instead of by series. */
export function colorByBands<Kind extends PanelBuilder>(panel: Kind): Kind {
  return panel.colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
}

function setLimits(panel: PanelBuilder, { decimals, min, max, bands, values }: PanelWords): void {
  if (decimals !== undefined) panel.decimals(decimals)
  if (min !== undefined) panel.min(min)
  if (max !== undefined) panel.max(max)
  if (values) panel.mappings([{ type: MappingType.ValueToText, options: values }])
  const steps = (bands ?? [[null, 'green']]).map(([value, color]) => ({ value, color }))
  panel.thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps))
}

function toOverrides({ name, color }: SeriesLook): DynamicConfigValue[] {
  return [
    ...(name ? [{ id: 'displayName', value: name }] : []),
    ...(color ? [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }] : []),
  ]
}
