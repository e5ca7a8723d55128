import { refuse } from '../protocol/refusal.ts'

/** Where the next page of a search starts, as MLflow writes it: base64 of `{"offset": N}`. */
export function offsetToken(offset: number): string {
  return encodeToken({ offset })
}

/** The offset of a page token; 0 without one. INVALID_PARAMETER_VALUE for anything that is no token of ours. */
export function parseOffset(token: string | undefined): number {
  if (!token) return 0
  const { offset } = parseToken(token)
  return Number.isSafeInteger(offset) && (offset as number) > 0 ? (offset as number) : refuseToken()
}

export function encodeToken(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}

export function parseToken(token: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64').toString())
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>
  } catch {
    // not JSON: refused below
  }
  return refuseToken()
}

export function refuseToken(): never {
  return refuse('INVALID_PARAMETER_VALUE', 'Invalid page token, could not base64-decode')
}

/** One row more than asked for tells that there is a next page. */
export function cutPage<T>(
  rows: readonly T[],
  page: { offset: number; size: number },
): { rows: T[]; nextPageToken?: string } {
  const kept = rows.slice(0, page.size)
  return rows.length > page.size
    ? { rows: kept, nextPageToken: offsetToken(page.offset + page.size) }
    : { rows: kept }
}
