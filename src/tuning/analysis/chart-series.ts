import type { CustomSeriesOption, LineSeriesOption, ScatterSeriesOption } from 'echarts'
import { paddedRange } from './number-text.ts'

/** From this many dots on, they are small and drawn as one shape. */
const MANY = 500

type Points = readonly (readonly number[])[]

/** Dots at the points that are finite. */
export function dots(input: {
  readonly name: string
  readonly points: Points
  readonly color: string
  readonly axis?: number
  readonly total?: number
  /** Colour of a thin line around each. */
  readonly edge?: string
}): ScatterSeriesOption {
  const { name, points, color, axis = 0, total = points.length, edge } = input
  const isMany = total > MANY
  return {
    type: 'scatter',
    name,
    data: isMany ? thinned(finite(points)) : finite(points),
    xAxisIndex: axis,
    yAxisIndex: axis,
    symbolSize: isMany ? 3 : total > 100 ? 5 : 7,
    large: isMany,
    largeThreshold: 1,
    itemStyle: {
      color: edge && isMany ? edge : color,
      opacity: isMany ? (edge ? 0.25 : 0.6) : 0.85,
      ...(edge && !isMany ? { borderColor: edge, borderWidth: 1 } : {}),
    },
    silent: true,
  }
}

/** A line that holds its value until the next point. */
export function stepLine(input: {
  readonly name: string
  readonly points: Points
  readonly color: string
}): LineSeriesOption {
  const { name, points, color } = input
  const data = corners(finite(points))
  return {
    type: 'line',
    name,
    step: 'end',
    data,
    color,
    lineStyle: { color, width: 2 },
    symbol: data.length === 1 ? 'circle' : 'none',
    silent: true,
  }
}

/** Only the points where a step line turns, and its two ends. */
function corners(points: number[][]): number[][] {
  return points.filter(([, y], i) => i === 0 || i === points.length - 1 || y !== points[i - 1]![1])
}

function finite(points: Points): number[][] {
  return points.filter((point) => point.every(Number.isFinite)).map((point) => [...point])
}

/** Of dots on one spot of a raster of 250 × 250 the last; the others would lie beneath it. */
function thinned(points: number[][]): number[][] {
  const spotOf = [0, 1].map((side) => {
    const [low, high] = paddedRange(points.map((point) => point[side]!))
    return (point: number[]) => Math.round(((point[side]! - low) / (high - low)) * 250)
  })
  const last = new Map(points.map((point) => [spotOf[0]!(point) * 1000 + spotOf[1]!(point), point]))
  return [...last.values()]
}

/** Shapes drawn as one path; `path` says where, given how a point of the axes becomes a pixel. */
export function shapes(input: {
  readonly name: string
  readonly color: string
  readonly axis?: number
  readonly stroke?: number
  readonly opacity?: number
  readonly path: (pixelOf: (point: number[]) => number[]) => string
}): CustomSeriesOption {
  const { name, color, axis = 0, stroke, opacity = 1, path } = input
  return {
    type: 'custom',
    name,
    color,
    data: [[0, 0]],
    xAxisIndex: axis,
    yAxisIndex: axis,
    clip: true,
    silent: true,
    renderItem: (_, api) => ({
      type: 'path',
      shape: { pathData: path((point) => api.coord(point)) },
      style:
        stroke === undefined
          ? { fill: color, opacity }
          : { fill: 'none', stroke: color, lineWidth: stroke, opacity },
    }),
  }
}

/** A pixel to a tenth. */
export function tenth(pixel: number): number {
  return Math.round(pixel * 10) / 10
}
