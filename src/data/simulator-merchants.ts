import type { Random } from '../math/random.ts'
import { CATEGORIES } from './simulator-categories.ts'
import { CITIES, COUNTRIES, HOME_CITIES } from './simulator-geography.ts'
import { choose, createChoice } from './simulator-sampling.ts'

/** Where a merchant sells: ≥ 0 in that city alone, else one of these. */
export const REACH = { homeChain: -1, abroadChain: -2, online: -3 } as const

/** Those who are paid; entry i of every array is merchant i. */
export interface Merchants {
  readonly count: number
  readonly category: Uint8Array
  readonly reach: Int8Array
  /** Index into COUNTRIES, for online merchants. */
  readonly country: Uint8Array
  /** Factor on the category's median amount. */
  readonly priceLevel: Float64Array
  /** Shops of a category in a city at [city × categories + category], the popular first. */
  readonly shops: readonly Int32Array[]
  /** Online merchants of a category. */
  readonly online: readonly Int32Array[]
  /** Online merchants that let tiny payments through unchecked: where stolen numbers are tried. */
  readonly lenient: Int32Array
  /** Merchants whose terminals leak card data. */
  readonly breached: Int32Array
  /** Merchants where leaked cards are turned into goods. */
  readonly cashOut: Int32Array
}

/** Draws `count` merchants; every category can be bought in every city. Cost O(count × cities). */
export function createMerchants(count: number, random: Random): Merchants {
  const category = new Uint8Array(count)
  const reach = new Int8Array(count)
  const country = new Uint8Array(count)
  const priceLevel = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const pinned = PINNED[i]
    category[i] = pinned ? pinned.category : choose(CATEGORY_CHOICE, random)
    reach[i] = pinned ? pinned.reach : drawReach(CATEGORIES[category[i]!]!.online, random)
    country[i] = random.next() < 0.75 ? 0 : random.int(COUNTRIES.length)
    priceLevel[i] = Math.exp(0.35 * random.normal())
  }
  const ids = Array.from({ length: count }, (_, i) => i)
  const some = (names: readonly string[], wanted: { online: boolean; share: number }) =>
    sample(
      ids.filter((i) => {
        const isOnline = reach[i] === REACH.online
        const isAtHome = reach[i] !== REACH.abroadChain
        return isAtHome && isOnline === wanted.online && names.includes(CATEGORIES[category[i]!]!.name)
      }),
      wanted.share,
      random,
    )
  return {
    count,
    category,
    reach,
    country,
    priceLevel,
    shops: CITIES.flatMap((_, city) =>
      CATEGORIES.map((_, c) =>
        Int32Array.from(ids.filter((i) => category[i] === c && sellsIn(reach[i]!, city))),
      ),
    ),
    online: CATEGORIES.map((_, c) =>
      Int32Array.from(ids.filter((i) => category[i] === c && reach[i] === REACH.online)),
    ),
    lenient: some(['digital_goods', 'gaming', 'gift_cards', 'marketplace'], { online: true, share: 0.5 }),
    breached: some(['restaurant', 'fuel', 'cafe', 'grocery', 'transport'], { online: false, share: 0.05 }),
    cashOut: some(['electronics', 'jewelry', 'clothing', 'grocery', 'fuel', 'convenience', 'restaurant'], {
      online: false,
      share: 0.1,
    }),
  }
}

/** At least one shop at home, one abroad and one online for each category that is sold there. */
const PINNED = CATEGORIES.flatMap(({ online }, category) =>
  [
    ...(online < 1 ? [REACH.homeChain, REACH.homeChain, REACH.abroadChain] : []),
    ...(online > 0 ? [REACH.online, REACH.online] : []),
  ].map((reach) => ({ category, reach })),
)

/** The fewest merchants that `createMerchants` can serve every purchase with. */
export const FEWEST_MERCHANTS = PINNED.length

const CATEGORY_CHOICE = createChoice(
  CATEGORIES.map(({ dayparts }) => 2 + dayparts.reduce((sum, weight) => sum + weight, 0) / 4),
)
const HOME_CHOICE = createChoice(CITIES.slice(0, HOME_CITIES).map((city) => city.weight))

function drawReach(onlineShare: number, random: Random): number {
  if (random.next() < onlineShare) return REACH.online
  const draw = random.next()
  if (draw < 0.15) return REACH.abroadChain
  return draw < 0.4 ? REACH.homeChain : choose(HOME_CHOICE, random)
}

function sellsIn(reach: number, city: number): boolean {
  return reach === city || reach === (city < HOME_CITIES ? REACH.homeChain : REACH.abroadChain)
}

/** A share of the candidates, three at least, without repetition. */
function sample(candidates: number[], share: number, random: Random): Int32Array {
  const size = Math.min(candidates.length, Math.max(3, Math.round(share * candidates.length)))
  for (let i = 0; i < size; i++) {
    const j = i + random.int(candidates.length - i)
    const swapped = candidates[i]!
    candidates[i] = candidates[j]!
    candidates[j] = swapped
  }
  return Int32Array.from(candidates.slice(0, size))
}
