import { refuse } from '../protocol/refusal.ts'

/** Where the next page starts, as a client carries it: base64 of JSON, like MLflow's. */
export function encodeToken(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}

/** What `encodeToken` was given. INVALID_PARAMETER_VALUE for anything that is no token of ours. */
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
