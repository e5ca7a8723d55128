import { FdsError } from '../../../../src/errors.ts'
import type { Page } from '../../../../src/tracking/index.ts'
import type { Plain } from '../transcript.ts'

/** Takes a step of a scenario, writes down what came of it and hands it back; `undefined` after a refusal. */
export type Take = <T>(name: string, act: () => Promise<T> | T) => Promise<T | undefined>

/** A scenario's steps in the order in which they were taken. */
export function createRecord(): { readonly take: Take; readonly seen: Record<string, Plain> } {
  const seen: Record<string, Plain> = {}
  return {
    seen,
    take: async (name, act) => {
      if (name in seen) throw new Error(`step ${name} was taken before`)
      try {
        const value = await act()
        seen[name] = plain(value)
        return value
      } catch (error) {
        seen[name] = plainError(error)
        return undefined
      }
    },
  }
}

function plainError(error: unknown): Plain {
  if (!(error instanceof FdsError)) return { exception: String(error) }
  const { errorCode } = error.details as { errorCode?: string }
  return { error: errorCode ?? error.code }
}

/** As JSON holds it: numbers that JSON lacks as words, bytes as text, keys sorted. */
function plain(value: unknown): Plain {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  if (value instanceof Map) return plain(Object.fromEntries(value))
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined)
    return Object.fromEntries(entries.toSorted(byKey).map(([key, member]) => [key, plain(member)]))
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  return typeof value === 'string' || typeof value === 'boolean' ? value : null
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}

/** All items of a paged search, and how many each page held. */
export async function everyPage<T>(
  search: (pageToken: string | undefined) => Promise<Page<T>>,
): Promise<{ sizes: number[]; items: T[] }> {
  const sizes: number[] = []
  const items: T[] = []
  let token: string | undefined
  do {
    const page = await search(token)
    sizes.push(page.items.length)
    items.push(...page.items)
    token = page.nextPageToken
  } while (token)
  return { sizes, items }
}
