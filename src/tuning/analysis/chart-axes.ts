import type { XAXisComponentOption, YAXisComponentOption } from 'echarts'
import { GRID, SOFT, TEXT } from './draw-svg.ts'
import { linearTicks, logTicks, numberText, shortText } from './number-text.ts'

export interface PlotOptions {
  /** What the objective is, with its unit; 'Objective value' unless given. */
  readonly targetName?: string
}

export function targetNameOf({ targetName = 'Objective value' }: PlotOptions): string {
  return targetName
}

/** Where a legend stands: right above the axes. */
export const LEGEND = {
  top: 46,
  right: 24,
  itemGap: 28,
  itemWidth: 14,
  itemHeight: 10,
  icon: 'roundRect',
  textStyle: { color: TEXT },
} as const

interface AxisInput {
  readonly name: string
  readonly isVertical?: boolean
  readonly grid?: number
}

type Axis = XAXisComponentOption & YAXisComponentOption

/** An axis of numbers, ticks at round ones, its name in the middle. With `isLog`, points and range are log10's. */
export function valueAxis(
  input: AxisInput & {
    readonly range: readonly [number, number]
    readonly isWhole?: boolean
    readonly isLog?: boolean
    /** About so many ticks; 5 unless given. */
    readonly ticks?: number
  },
): Axis {
  const { range, isWhole, isLog, grid = 0, ticks = 5 } = input
  const customValues = isLog ? logTicks(range) : linearTicks(range, ticks, isWhole)
  return {
    type: 'value',
    gridIndex: grid,
    min: range[0],
    max: range[1],
    ...nameOf(input),
    ...LINES,
    axisTick: { show: true, customValues },
    axisLabel: {
      color: SOFT,
      hideOverlap: true,
      customValues,
      formatter: (value: number) => numberText(isLog ? 10 ** value : value),
    },
  } as Axis
}

/** An axis of names, the first at 0, the next at 1. */
export function nameAxis(input: AxisInput & { readonly names: readonly string[] }): Axis {
  const { names, grid = 0, isVertical } = input
  const customValues = names.map((_, i) => i)
  const letters = isVertical ? 8 : Math.max(4, Math.floor(30 / names.length))
  return {
    type: 'value',
    gridIndex: grid,
    min: -0.5,
    max: names.length - 0.5,
    ...nameOf(input),
    ...LINES,
    splitLine: { show: false },
    axisTick: { show: true, customValues },
    axisLabel: {
      color: SOFT,
      hideOverlap: true,
      customValues,
      formatter: (value: number) => shortText(names[value] ?? '', letters),
    },
  } as Axis
}

function nameOf({ name, isVertical, grid }: AxisInput): object {
  return {
    name: shortText(name, grid === undefined ? 44 : 26),
    nameLocation: 'middle',
    nameGap: isVertical ? 56 : 30,
    nameTextStyle: { color: TEXT, fontSize: 12 },
  }
}

const LINES = {
  axisLine: { show: true, onZero: false, lineStyle: { color: '#9aa0a8' } },
  splitLine: { show: true, lineStyle: { color: GRID } },
}
