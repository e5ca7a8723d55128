import { createHmac, scrypt, timingSafeEqual } from 'node:crypto'
import { FdsError } from '../../errors.ts'

/** `read` may make every call that changes nothing, and download artifacts; `write` may do everything. */
export type Role = 'read' | 'write'

export interface User {
  readonly name: string
  readonly role: Role
  readonly password: PasswordHash
}

/** What is kept of a password: `key` is scrypt of it with these costs and this salt. */
export interface PasswordHash {
  readonly logCost: number
  readonly blockSize: number
  readonly parallel: number
  readonly salt: Buffer
  readonly key: Buffer
}

/** Checks a password; `busy` when so many are being checked that this one was not. */
export type PasswordCheck = (name: string, password: string) => Promise<User | 'wrong' | 'busy'>

/**
 * Makes the check of these users' passwords. scrypt takes a tenth of a second by design, so one password is checked
 * at a time, at most 16 more wait, and what a user last logged in with is remembered as an HMAC under the stored
 * hash, so that only logins cost time and no flood of wrong ones holds up who is logged in. An unknown name costs
 * what a known one costs.
 */
export function createPasswordCheck(users: readonly User[]): PasswordCheck {
  const byName = new Map(users.map((user) => [user.name, user]))
  const verified = new Map<string, Buffer>()
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = (work: () => Promise<boolean>): Promise<boolean> => {
    waiting++
    const turn = last.then(work).finally(() => waiting--)
    last = turn.catch(() => {})
    return turn
  }
  return async (name, password) => {
    const user = byName.get(name)
    const { password: hash } = user ?? users[0]!
    const mark = createHmac('sha256', hash.key).update(password).digest()
    const known = user && verified.get(name)
    if (known !== undefined && timingSafeEqual(known, mark)) return user!
    if (waiting > MOST_WAITING) return 'busy'
    const isRight = await inTurn(() => holds(hash, password))
    if (!isRight || user === undefined) return 'wrong'
    verified.set(name, mark)
    return user
  }
}

const MOST_WAITING = 16

/** Made with OWASP's costs of least memory (16 MiB): N = 2^14, r = 8, p = 5. */
const COSTS = { logCost: 14, blockSize: 8, parallel: 5 } as const
const KEY_BYTES = 32
/** Costs a file may ask for; more would let it stall the server. */
const MOST = { logCost: 17, blockSize: 16, parallel: 16 } as const

/**
 * The line of the users file for one user: `name:role:hash`, the hash as the PHC string format has it
 * (https://github.com/P-H-C/phc-string-format). `salt` must be 16 random bytes. CONFIG_INVALID for a name that
 * is no word, and for a password of fewer than 12 printable characters or that MLflow came with.
 */
export async function userLine(
  { name, role, password }: { name: string; role: Role; password: string },
  salt: Uint8Array,
): Promise<string> {
  if (!USER_NAME.test(name)) {
    throw new FdsError('CONFIG_INVALID', {
      name: 'user name',
      expected: 'letters, digits and . _ @ -',
      got: name,
    })
  }
  if ([...password].length < SHORTEST_PASSWORD || /\p{Cc}/u.test(password) || password === MLFLOW_DEFAULT) {
    const expected = `at least ${SHORTEST_PASSWORD} printable characters and not the one that MLflow came with`
    throw new FdsError('CONFIG_INVALID', { name: 'password', expected, got: 'another' })
  }
  const bytes = Buffer.from(salt)
  const key = await derive(password, { ...COSTS, salt: bytes, key: Buffer.alloc(KEY_BYTES) })
  const costs = `ln=${COSTS.logCost},r=${COSTS.blockSize},p=${COSTS.parallel}`
  return `${name}:${role}:$scrypt$${costs}$${unpadded(bytes)}$${unpadded(key)}`
}

const USER_NAME = /^[\w.@-]{1,100}$/
const SHORTEST_PASSWORD = 12
/** The administrator's in `mlflow/server/auth/basic_auth.ini`, up to 3.11. */
const MLFLOW_DEFAULT = 'password1234'

/** Reads a users file, one `userLine` a line; empty lines and `#` comments are skipped. CONFIG_INVALID. */
export function parseUsers(text: string, file: string): User[] {
  const users: User[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const user = parseUser(line.trim())
    // the message never repeats the line: somebody may have written a password there
    if (!user || users.some(({ name }) => name === user.name))
      refuseUsers(file, `something else in line ${index + 1}`)
    users.push(user)
  }
  return users.length > 0 ? users : refuseUsers(file, 'no user')
}

function refuseUsers(file: string, got: string): never {
  const expected = 'lines name:role:$scrypt$… as `fds users add` writes them, each name once'
  throw new FdsError('CONFIG_INVALID', { name: `users file ${file}`, expected, got })
}

function parseUser(line: string): User | undefined {
  const [, name, role, ln, r, p, salt, key] = USER_LINE.exec(line) ?? []
  if (name === undefined) return undefined
  const password = {
    logCost: Number(ln),
    blockSize: Number(r),
    parallel: Number(p),
    salt: Buffer.from(salt!, 'base64'),
    key: Buffer.from(key!, 'base64'),
  }
  return isBearable(password) ? { name, role: role as Role, password } : undefined
}

const USER_LINE =
  /^([\w.@-]{1,100}):(read|write):\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]{22,})\$([\w+/]{43,})$/

function isBearable({ logCost, blockSize, parallel }: PasswordHash): boolean {
  const isEnough = logCost >= COSTS.logCost && blockSize >= COSTS.blockSize && parallel >= 1
  return isEnough && logCost <= MOST.logCost && blockSize <= MOST.blockSize && parallel <= MOST.parallel
}

async function holds(hash: PasswordHash, password: string): Promise<boolean> {
  return timingSafeEqual(await derive(password, hash), hash.key)
}

function derive(
  password: string,
  { logCost, blockSize, parallel, salt, key }: PasswordHash,
): Promise<Buffer> {
  const N = 2 ** logCost
  const costs = { N, r: blockSize, p: parallel, maxmem: 256 * blockSize * (N + parallel) }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, key.length, costs, (error, derived) => (error ? reject(error) : resolve(derived)))
  })
}

/** Base64 as the PHC format wants it. */
function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
