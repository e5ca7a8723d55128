import type { ByteRange } from '../artifacts/artifact-store.ts'

/**
 * Reads a `Range` header for a file of `size` bytes (RFC 9110, 14.1.2): `bytes=0-9`, `bytes=10-`, `bytes=-5`. Without
 * one the answer is the whole file, and so it is for units, syntax and several ranges at once that are not spoken
 * here, as the RFC allows. `unsatisfiable` for a range behind the end.
 *
 * @example
 * parseRange('bytes=-5', 100) // { start: 95, end: 99 }
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '') ?? []
  if (first === '' && last === '') return 'whole'
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (first !== '' && last !== '' && Number(last) < start) return 'whole'
  return start >= size ? 'unsatisfiable' : { start, end }
}

/** Whether an `If-None-Match` header names the ETag, or any by `*`; `W/` makes no difference (RFC 9110, 13.1.2). */
export function namesEtag(header: string | undefined, etag: string): boolean {
  const named = header?.split(',').map((part) => part.trim().replace(/^W\//, '')) ?? []
  return named.includes(etag) || named.includes('*')
}
