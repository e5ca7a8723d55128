import { FdsError } from '../../errors.ts'
import type { StudyView } from '../samplers/sampler.ts'
import type { FrozenTrial, TrialState } from '../study/trial.ts'
import { LEGEND, valueAxis } from './chart-axes.ts'
import { shapes, tenth } from './chart-series.ts'
import { COLORS, drawSvg, emptySvg } from './draw-svg.ts'
import { countText, paddedRange } from './number-text.ts'

/** When a trial ran, in milliseconds since 1970. */
export interface TimelineBar {
  readonly number: number
  readonly start: number
  readonly complete: number
  readonly state: TrialState
}

const STATES: readonly (readonly [TrialState, string, string])[] = [
  ['COMPLETE', 'Complete', COLORS.blue],
  ['PRUNED', 'Pruned', COLORS.orange],
  ['FAIL', 'Failed', COLORS.vermilion],
  ['RUNNING', 'Running', COLORS.green],
]

/**
 * When each trial ran. A running trial lasts until `now` (milliseconds), or until the last time that the study knows;
 * an ended one without an end, and a running one that started last, lasts a second, as in Optuna. A trial that has not
 * started, or whose start is unknown, has no bar. STUDY_STATE_INVALID where there are trials and none has a start.
 * Cost O(trials).
 *
 * @example
 * timelineData(createStudy()).length // 0
 */
export function timelineData(
  { trials }: StudyView,
  options: { readonly now?: number } = {},
): readonly TimelineBar[] {
  const started = trials.filter(({ datetimeStart }) => datetimeStart !== null)
  if (started.length === 0 && trials.length > 0) {
    const reason = 'A timeline needs trials with a start time, got none; give the study a clock'
    throw new FdsError('STUDY_STATE_INVALID', { reason })
  }
  const last = started.reduce(
    (time, trial) => Math.max(time, trial.datetimeStart!, trial.datetimeComplete ?? 0),
    0,
  )
  return started.map((trial) => ({
    number: trial.number,
    start: trial.datetimeStart!,
    complete: endOf(trial, options.now ?? last),
    state: trial.state,
  }))
}

function endOf({ state, datetimeStart, datetimeComplete }: FrozenTrial, now: number): number {
  const known = state === 'RUNNING' ? now : (datetimeComplete ?? Number.NEGATIVE_INFINITY)
  return known > datetimeStart! ? known : (datetimeComplete ?? datetimeStart! + 1000)
}

/**
 * When each trial ran as a picture: a bar a trial, coloured by its state; gaps and waits of parallel workers show.
 * Time counts from the first start, which the picture names in UTC. An SVG document; errors of `timelineData`.
 *
 * @example
 * plotTimeline(createStudy()).includes('No trial has started') // true
 */
export function plotTimeline(study: StudyView, options: { readonly now?: number } = {}): string {
  const title = 'Timeline'
  const bars = timelineData(study, options)
  if (bars.length === 0) return emptySvg(title, 'No trial has started.')
  const origin = bars.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY)
  const end = bars.reduce((most, { complete }) => Math.max(most, complete), origin)
  const [unit, milliseconds] = unitOf(end - origin)
  const height = Math.min(Math.max(220, 140 + bars.length * 12), 900)
  return drawSvg({
    title,
    subtitle: `${countText(bars.length, 'trial')} from ${new Date(origin).toISOString()}`,
    height,
    option: {
      legend: LEGEND,
      grid: { top: 84, left: 84, right: 28, bottom: 56 },
      xAxis: valueAxis({
        name: `Time since the first start (${unit})`,
        range: paddedRange([0, (end - origin) / milliseconds]),
      }),
      yAxis: {
        ...valueAxis({
          name: 'Trial',
          isVertical: true,
          isWhole: true,
          range: [bars[0]!.number - 0.7, bars.at(-1)!.number + 0.7],
        }),
        inverse: true,
      },
      series: STATES.map(([state, name, color]) => ({
        name,
        color,
        some: bars.filter((bar) => bar.state === state),
      }))
        .filter(({ some }) => some.length > 0)
        .map(({ name, color, some }) =>
          shapes({
            name,
            color,
            path: (pixelOf) =>
              some.map((bar) => boxPath(...cornersOf(bar, origin, milliseconds), pixelOf)).join(''),
          }),
        ),
    },
  })
}

function cornersOf(bar: TimelineBar, origin: number, unit: number): [number[], number[]] {
  return [
    [(bar.start - origin) / unit, bar.number - 0.38],
    [(bar.complete - origin) / unit, bar.number + 0.38],
  ]
}

/** At least a pixel wide, so that a short trial shows. */
function boxPath(from: number[], to: number[], pixelOf: (point: number[]) => number[]): string {
  const [[left, top], [right, bottom]] = [pixelOf(from), pixelOf(to)]
  const [x, y] = [tenth(left!), tenth(top!)]
  return `M${x} ${y}H${tenth(Math.max(right!, left! + 1))}V${tenth(Math.max(bottom!, top! + 0.4))}H${x}Z`
}

function unitOf(milliseconds: number): readonly [string, number] {
  if (milliseconds < 2_000) return ['ms', 1]
  if (milliseconds < 300_000) return ['s', 1_000]
  return milliseconds < 4 * 3_600_000 ? ['min', 60_000] : ['h', 3_600_000]
}
