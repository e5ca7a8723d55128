import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Command, InvalidArgumentError } from 'commander'
import { FdsError } from '../errors.ts'
import type { Role } from '../tracking/index.ts'
import { type CliContext, type CommonOptions, configFor, printResult, withCommonOptions } from './context.ts'

interface AddOptions extends CommonOptions {
  readonly role: Role
  readonly file?: string
}

/** `fds users`: who may log in to the tracking server by name and password. */
export function usersCommand(context: CliContext): Command {
  const command = new Command('users').description('users of the tracking server, by name and password')
  command.addCommand(addCommand(context))
  return command
}

function addCommand(context: CliContext): Command {
  const command = new Command('add')
    .description('add a user, or change the password or the role of one; the password is read from stdin')
    .argument('<name>')
    .option('--role <role>', 'read or write', parseRole, 'read')
    .option('--file <file>', 'users file (default: FDS_USERS_FILE)')
  return withCommonOptions(command, 'fds users add alice --role write --file users').action(
    async (name: string, options: AddOptions) => {
      const { addUser } = await import('../pipeline/add-user.ts')
      const { role } = options
      const file = options.file ?? configFor(context, options).usersFile ?? refuseFile()
      await addUser(file, { name, role, password: await readPassword(context) }, randomBytes(16))
      const text = () => `${name} may ${role}; servers that read ${file} know it from their next start`
      printResult(context, options, { name, role, file }, text)
    },
  )
}

function parseRole(text: string): Role {
  if (text === 'read' || text === 'write') return text
  throw new InvalidArgumentError('--role must be read or write.')
}

function refuseFile(): never {
  throw new FdsError('USAGE', { reason: 'Name the users file by --file or FDS_USERS_FILE' })
}

/** The first line of stdin, asked for and not shown where that is a terminal. Never an argument: lists of processes show those. */
async function readPassword({ stderr }: CliContext): Promise<string> {
  const terminal = process.stdin.isTTY === true
  if (terminal) stderr.write('Password: ')
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal })
  for await (const line of lines) {
    if (terminal) stderr.write('\n')
    lines.close()
    return line
  }
  return ''
}
