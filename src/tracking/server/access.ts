import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { createPasswordCheck, type Role, type User } from './passwords.ts'

export interface ApiKey {
  /** Who holds it, for the audit log. */
  readonly name: string
  readonly role: Role
  readonly key: string
}

export interface AccessInput {
  readonly apiKeys?: readonly ApiKey[]
  readonly users?: readonly User[]
  /** What a request without credentials may do. */
  readonly anonymous: 'none' | 'read'
}

/** `unknown` is answered 401, `forbidden` 403, `busy` 429. */
export type Verdict = 'granted' | 'unknown' | 'forbidden' | 'busy'

export interface AccessPolicy {
  /** Whether whoever sent the request has the role; credentials are looked at only where anonymous may not. */
  judge(request: CredentialRequest, needed: Role): Promise<Verdict>
  /** The `WWW-Authenticate` header of a 401. */
  readonly challenge: string
  /** What a request without credentials may do. */
  readonly anonymous: 'none' | 'read'
}

/** The part of a request that holds credentials. */
export interface CredentialRequest {
  readonly headers: IncomingHttpHeaders
}

/**
 * Who may do what. A key comes in `X-API-Key` or as a bearer token (which MLflow's clients send when
 * `MLFLOW_TRACKING_TOKEN` is set), a user by HTTP basic (`MLFLOW_TRACKING_USERNAME`, `MLFLOW_TRACKING_PASSWORD`).
 * Comparisons take the same time whatever was sent.
 *
 * @example
 * const access = createAccess({ apiKeys: [{ name: 'ci', role: 'read', key: 'k' }], anonymous: 'none' })
 * await access.judge({ headers: { 'x-api-key': 'k' } }, 'write') // 'forbidden'
 */
export function createAccess({ apiKeys = [], users = [], anonymous }: AccessInput): AccessPolicy {
  const findKey = createKeySearch(apiKeys)
  const checkPassword = users.length > 0 ? createPasswordCheck(users) : undefined
  const identify = async (headers: IncomingHttpHeaders): Promise<Holder | 'wrong' | 'busy'> => {
    const key = keyOf(headers)
    if (key !== undefined) return findKey(key) ?? 'wrong'
    const login = loginOf(headers)
    return login && checkPassword ? checkPassword(login.name, login.password) : 'wrong'
  }
  return {
    anonymous,
    challenge: [users.length > 0 ? BASIC : [], apiKeys.length > 0 ? BEARER : []].flat().join(', '),
    judge: async (request, needed) => {
      if (needed === 'read' && anonymous === 'read') return 'granted'
      const holder = await identify(request.headers)
      if (holder === 'busy') return 'busy'
      if (holder === 'wrong') return 'unknown'
      holders.set(request, holder.name)
      return needed === 'read' || holder.role === 'write' ? 'granted' : 'forbidden'
    },
  }
}

const BASIC = 'Basic realm="mlflow", charset="UTF-8"'
const BEARER = 'Bearer realm="mlflow"'

type Holder = Pick<ApiKey, 'name' | 'role'>

const holders = new WeakMap<CredentialRequest, string>()

/** The name of the user or API key that a guarded request was granted to; `undefined` if anybody may send it. */
export function userOf(request: CredentialRequest): string | undefined {
  return holders.get(request)
}

function createKeySearch(apiKeys: readonly ApiKey[]): (given: string) => Holder | undefined {
  // digests have one length, as the comparison demands
  const known = apiKeys.map((holder) => ({ holder, expected: digest(holder.key) }))
  return (given) => {
    const sent = digest(given)
    return known.filter(({ expected }) => timingSafeEqual(expected, sent))[0]?.holder
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function keyOf(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['x-api-key']
  if (typeof key === 'string') return key
  return /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1]
}

function loginOf(headers: IncomingHttpHeaders): { name: string; password: string } | undefined {
  const encoded = /^Basic +([\w+/=-]+)$/i.exec(headers.authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  // no control characters (RFC 7617): scrypt takes zero bytes at the end of a password for none
  const login = /^([^:\p{Cc}]*):(\P{Cc}*)$/u.exec(Buffer.from(encoded, 'base64').toString())
  const [, name, password] = login ?? []
  return name === undefined || password === undefined ? undefined : { name, password }
}
