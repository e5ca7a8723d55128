/** What is sold, for how much, when and to whom. Amounts in KRW. */
export interface Category {
  readonly name: string
  /** Median of one purchase. */
  readonly median: number
  /** Standard deviation of the log of the amount. */
  readonly spread: number
  /** Share of purchases made online: 0 never, 1 always. */
  readonly online: number
  /** How strongly the amount follows the customer's spend level. */
  readonly elasticity: number
  /** Frequency at night (0–6), in the morning (6–11), at midday (11–17), in the evening (17–24). */
  readonly dayparts: readonly [number, number, number, number]
  /** Factor on Saturdays and Sundays. */
  readonly weekend: number
  /** Factor in winter, spring, summer, autumn. */
  readonly seasons: readonly [number, number, number, number]
}

const EVEN = [1, 1, 1, 1] as const

export const CATEGORIES: readonly Category[] = [
  category('grocery', 32_000, 0.7, 0.15, 0.6, [1, 8, 12, 16], 1.3, EVEN),
  category('restaurant', 24_000, 0.6, 0.12, 0.8, [4, 3, 16, 16], 1.2, EVEN),
  category('cafe', 6_500, 0.4, 0, 0.3, [1, 16, 14, 5], 1, EVEN),
  category('convenience', 5_500, 0.6, 0, 0.2, [14, 9, 8, 11], 0.9, EVEN),
  category('fuel', 55_000, 0.4, 0, 0.3, [2, 5, 4, 4], 1, EVEN),
  category('transport', 4_500, 0.8, 0.2, 0.3, [8, 13, 6, 8], 0.7, EVEN),
  category('pharmacy', 14_000, 0.6, 0, 0.3, [0.5, 3, 4, 3], 0.7, [1.3, 1, 0.9, 1]),
  category('healthcare', 38_000, 0.9, 0, 0.4, [0.2, 4, 4, 1], 0.3, [1.2, 1, 0.9, 1]),
  category('clothing', 62_000, 0.8, 0.45, 0.9, [2.5, 2, 8, 8], 1.5, [0.9, 1.2, 0.9, 1.1]),
  category('electronics', 170_000, 1, 0.5, 0.7, [2, 1.5, 5, 5], 1.3, EVEN),
  category('jewelry', 280_000, 0.9, 0.15, 1, [0.3, 0.3, 1.5, 1.2], 1.3, [1.2, 1, 0.9, 1]),
  category('entertainment', 22_000, 0.7, 0.35, 0.6, [6, 0.7, 3, 6], 1.6, [0.9, 1, 1.2, 1]),
  category('utilities', 70_000, 0.6, 1, 0.4, [0.5, 2, 2, 1.5], 0.5, [1.2, 0.9, 1.1, 0.9]),
  category('travel', 220_000, 0.9, 0.7, 0.9, [1.5, 1.5, 2.5, 3], 1, [0.9, 1, 1.4, 0.9]),
  category('marketplace', 38_000, 0.9, 1, 0.7, [9, 3, 6, 10], 1, EVEN),
  category('digital_goods', 9_500, 0.8, 1, 0.4, [9, 2.5, 4, 7], 1, EVEN),
  category('gaming', 6_000, 0.9, 1, 0.4, [9, 1, 3, 6], 1.2, [1.1, 1, 1, 1]),
  category('gift_cards', 50_000, 0.7, 0.7, 0.4, [2.5, 1.2, 2.5, 3], 1, [1.3, 1, 0.9, 0.9]),
  category('cash', 100_000, 0.7, 0, 0.4, [2.5, 3, 4, 4], 0.9, EVEN),
]

export type Daypart = 0 | 1 | 2 | 3

/** Night, morning, midday or evening of a local hour. */
export function daypartOf(hour: number): Daypart {
  if (hour < 6) return 0
  if (hour < 11) return 1
  return hour < 17 ? 2 : 3
}

/** Where a category stands in CATEGORIES. */
export function categoryIndex(name: string): number {
  return CATEGORIES.findIndex((candidate) => candidate.name === name)
}

function category(
  name: string,
  median: number,
  spread: number,
  online: number,
  elasticity: number,
  dayparts: Category['dayparts'],
  weekend: number,
  seasons: Category['seasons'],
): Category {
  return { name, median, spread, online, elasticity, dayparts, weekend, seasons }
}
