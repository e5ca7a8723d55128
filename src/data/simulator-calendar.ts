import { LOCAL_OFFSET_SECONDS } from './simulator-geography.ts'
import { type Choice, createChoice } from './simulator-sampling.ts'

export const DAY = 86_400
/** Days that the table covers, whatever its number of rows. */
export const PERIOD_DAYS = 180
/** Days simulated before the table begins, so that its counters are warm in the first row. */
export const WARM_UP_DAYS = 90

export type DriftKind = 'none' | 'gradual' | 'sudden'

/** The simulated time: seconds since 1970 UTC, and what is known of each local day. */
export interface Calendar {
  readonly warmStart: number
  readonly start: number
  readonly end: number
  /** Local midnight (as UTC seconds) of day 0, at or before `warmStart`. */
  readonly firstMidnight: number
  readonly dayCount: number
  readonly weekend: Uint8Array
  /** 0 winter, 1 spring, 2 summer, 3 autumn. */
  readonly season: Uint8Array
  /** Days by how much is bought on them. */
  readonly days: Choice
  readonly drift: DriftKind
}

/** Lays out the days from 90 before `start` to 180 after it. */
export function createCalendar(options: { start: number; drift: DriftKind }): Calendar {
  const { start, drift } = options
  const warmStart = start - WARM_UP_DAYS * DAY
  const firstMidnight = Math.floor((warmStart + LOCAL_OFFSET_SECONDS) / DAY) * DAY - LOCAL_OFFSET_SECONDS
  const end = start + PERIOD_DAYS * DAY
  const dates = Array.from(
    { length: Math.ceil((end - firstMidnight) / DAY) },
    (_, day) => new Date((firstMidnight + LOCAL_OFFSET_SECONDS + day * DAY) * 1000),
  )
  const weekdays = dates.map((date) => date.getUTCDay())
  return {
    warmStart,
    start,
    end,
    firstMidnight,
    dayCount: dates.length,
    weekend: Uint8Array.from(weekdays, (weekday) => (weekday === 0 || weekday === 6 ? 1 : 0)),
    season: Uint8Array.from(dates, (date) => Math.floor(((date.getUTCMonth() + 1) % 12) / 3)),
    days: createChoice(
      dates.map((date) => WEEKDAY_VOLUME[date.getUTCDay()]! * MONTH_VOLUME[date.getUTCMonth()]!),
    ),
    drift,
  }
}

/**
 * How far the world has drifted at `time`: 0 up to the middle of the period, then 1 at once (`sudden`)
 * or rising in a straight line to 1 at the end (`gradual`); always 0 for `none`.
 */
export function driftAt(calendar: Calendar, time: number): number {
  const middle = (calendar.start + calendar.end) / 2
  if (calendar.drift === 'none' || time < middle) return 0
  return calendar.drift === 'sudden' ? 1 : (time - middle) / (calendar.end - middle)
}

/** The local day of `time`, counted from the calendar's first. */
export function dayOf(calendar: Calendar, time: number): number {
  return Math.floor((time - calendar.firstMidnight) / DAY)
}

/** Hour of the issuer's local day, 0–23. */
export function localHour(time: number): number {
  return Math.floor((time + LOCAL_OFFSET_SECONDS) / 3600) % 24
}

// Sunday first
const WEEKDAY_VOLUME = [1.0, 0.88, 0.9, 0.94, 0.98, 1.15, 1.2]
const MONTH_VOLUME = [0.95, 0.93, 0.98, 0.98, 1.04, 1, 1.03, 1.03, 1.02, 1, 1.04, 1.15]
