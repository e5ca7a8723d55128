import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { FdsError } from '../errors.ts'
import { parseUsers, type Role, userLine } from '../tracking/index.ts'

export interface NewUser {
  readonly name: string
  readonly role: Role
  readonly password: string
}

/**
 * Writes a user into a users file, made if absent, instead of the one of that name if there is one; all other lines
 * stay. The file is readable by its owner alone. `salt` must be 16 random bytes. CONFIG_INVALID for a bad name or
 * password and for a file that is no users file, STORAGE_FAILED.
 */
export async function addUser(file: string, user: NewUser, salt: Uint8Array): Promise<void> {
  const line = await userLine(user, salt)
  try {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    if (text.trim() !== '') parseUsers(text, file)
    const others = text.split(/\r?\n/).filter((one) => one !== '' && !one.trim().startsWith(`${user.name}:`))
    // a server that starts now reads the old file or the new one
    writeFileSync(`${file}.new`, `${[...others, line].join('\n')}\n`, { mode: 0o600 })
    renameSync(`${file}.new`, file)
  } catch (cause) {
    if (cause instanceof FdsError) throw cause
    throw new FdsError('STORAGE_FAILED', { what: file, reason: (cause as Error).message }, { cause })
  }
}
