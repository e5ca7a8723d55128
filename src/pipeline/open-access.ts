import { readFileSync } from 'node:fs'
import { FdsError } from '../errors.ts'
import { type AccessPolicy, createAccess } from '../tracking/server/access.ts'
import { parseUsers, type User } from '../tracking/server/passwords.ts'

export interface AccessSettings {
  /** A key that may do everything. */
  readonly apiKey?: string | undefined
  /** A key that may read. */
  readonly readApiKey?: string | undefined
  /** File of users, as `fds users add` writes it. */
  readonly usersFile?: string | undefined
  /** What a request without credentials may do: `read` by default where `apiKey` alone is set, else `none`. */
  readonly anonymous?: 'none' | 'read' | undefined
}

/**
 * The access policy that the settings describe; `undefined`, so that everybody may do everything, when they name no
 * credential. CONFIG_INVALID for a users file that cannot be read or understood, and for one key with both roles.
 */
export function openAccess(settings: AccessSettings): AccessPolicy | undefined {
  const { apiKey, readApiKey, usersFile, anonymous } = settings
  const users = usersFile === undefined ? [] : readUsers(usersFile)
  const apiKeys = [
    ...(apiKey === undefined ? [] : [{ name: 'FDS_API_KEY', role: 'write', key: apiKey } as const]),
    ...(readApiKey === undefined
      ? []
      : [{ name: 'FDS_READ_API_KEY', role: 'read', key: readApiKey } as const]),
  ]
  if (apiKey !== undefined && apiKey === readApiKey) {
    refuseSetting('FDS_READ_API_KEY', 'another key than FDS_API_KEY', 'the same')
  }
  if (users.length + apiKeys.length > 0) {
    const keyAlone = usersFile === undefined && readApiKey === undefined
    return createAccess({ apiKeys, users, anonymous: anonymous ?? (keyAlone ? 'read' : 'none') })
  }
  if (anonymous !== undefined) {
    refuseSetting(
      'FDS_ANONYMOUS',
      'set together with FDS_API_KEY, FDS_READ_API_KEY or FDS_USERS_FILE',
      'it alone',
    )
  }
  return undefined
}

function readUsers(file: string): User[] {
  return parseUsers(readText(file), file)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    return refuseSetting('FDS_USERS_FILE', 'a file that can be read', (error as Error).message)
  }
}

function refuseSetting(name: string, expected: string, got: string): never {
  throw new FdsError('CONFIG_INVALID', { name, expected, got })
}
