import { CATEGORIES, type Daypart } from './simulator-categories.ts'
import { type Choice, createChoice } from './simulator-sampling.ts'

/** A way of living: when, on what and how much a customer spends. */
interface Segment {
  readonly share: number
  /** Mean of the log of the spend level; 0 spends the category's median. */
  readonly spend: number
  /** Factor on each category's online share. */
  readonly online: number
  /** Mean number of trips in the simulated time. */
  readonly trips: number
  /** Bumps of activity over the local day: hour, width in hours, weight. */
  readonly hours: readonly (readonly [number, number, number])[]
  readonly tastes: Readonly<Record<string, number>>
}

export const SEGMENTS: readonly Segment[] = [
  // students
  {
    share: 0.18,
    spend: -0.4,
    online: 1.5,
    trips: 0.9,
    hours: [
      [12, 2, 3],
      [18, 2.5, 4],
      [23, 2, 2.5],
      [1, 1.5, 0.8],
    ],
    tastes: { gaming: 3, digital_goods: 2, cafe: 1.5, convenience: 2, utilities: 0.3, fuel: 0.2 },
  },
  // office workers
  {
    share: 0.38,
    spend: 0.15,
    online: 1,
    trips: 1.4,
    hours: [
      [8, 1, 3],
      [12.3, 1, 4],
      [19, 2, 5],
      [22, 1.5, 1.5],
    ],
    tastes: { cafe: 1.5, restaurant: 1.4, transport: 1.4 },
  },
  // families
  {
    share: 0.25,
    spend: 0.3,
    online: 1.1,
    trips: 1,
    hours: [
      [10, 2, 4],
      [15, 2, 4],
      [19, 1.5, 3],
      [22.5, 1.2, 1.2],
    ],
    tastes: { grocery: 1.8, healthcare: 1.5, clothing: 1.3, fuel: 1.5, entertainment: 0.7 },
  },
  // retired
  {
    share: 0.13,
    spend: -0.1,
    online: 0.4,
    trips: 0.8,
    hours: [
      [9.5, 1.7, 5],
      [14, 2, 4],
      [17, 1.5, 1],
    ],
    tastes: { pharmacy: 3, healthcare: 3, cash: 2.5, gaming: 0.1, digital_goods: 0.2 },
  },
  // night workers
  {
    share: 0.06,
    spend: 0,
    online: 1.3,
    trips: 0.8,
    hours: [
      [2, 2.5, 4],
      [6, 1.5, 2],
      [16, 2, 2],
      [22, 2, 4],
    ],
    tastes: { convenience: 2, entertainment: 1.3, restaurant: 1.2 },
  },
]

/** Local hours of a segment's purchases. */
export const SEGMENT_HOURS: readonly Choice[] = SEGMENTS.map((segment) => createChoice(hourWeights(segment)))

const CATEGORY_CHOICES: readonly Choice[] = SEGMENTS.flatMap((segment) =>
  [0, 1, 2, 3].flatMap((season) =>
    [false, true].flatMap((weekend) =>
      ([0, 1, 2, 3] as const).map((daypart) =>
        createChoice(categoryWeights(segment, { season, weekend, daypart })),
      ),
    ),
  ),
)

/** What a segment buys at that time of day, week and year. */
export function categoryChoice(
  segment: number,
  when: { season: number; weekend: boolean; daypart: Daypart },
): Choice {
  return CATEGORY_CHOICES[((segment * 4 + when.season) * 2 + (when.weekend ? 1 : 0)) * 4 + when.daypart]!
}

function hourWeights(segment: Segment): number[] {
  return Array.from({ length: 24 }, (_, hour) => {
    const bumps = segment.hours.map(([centre, width, weight]) => {
      const direct = Math.abs(hour + 0.5 - centre)
      const around = Math.min(direct, 24 - direct) / width
      return (weight / width) * Math.exp(-0.5 * around * around)
    })
    return 0.02 + bumps.reduce((sum, bump) => sum + bump, 0)
  })
}

function categoryWeights(
  segment: Segment,
  when: { season: number; weekend: boolean; daypart: Daypart },
): number[] {
  return CATEGORIES.map(
    ({ name, dayparts, weekend, seasons }) =>
      dayparts[when.daypart] *
      (when.weekend ? weekend : 1) *
      seasons[when.season]! *
      (segment.tastes[name] ?? 1),
  )
}
