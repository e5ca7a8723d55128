// For tests: files in a folder that goes away with the test.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { FdsError } from '../errors.ts'
import { cellOf, type Table } from './table.ts'

export async function testFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fds-test-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export async function testFile(
  context: TestContext,
  name: string,
  content: string | Uint8Array,
): Promise<string> {
  const file = join(await testFolder(context), name)
  await writeFile(file, content)
  return file
}

/** The error's message with the folder left out, in one line or the test fails. */
export async function refusal(action: () => Promise<unknown>): Promise<string> {
  try {
    await action()
  } catch (error) {
    if (!(error instanceof FdsError) || /\n|SELECT|read_csv/.test(error.message)) throw error
    return `${error.code}: ${error.message.replaceAll(/\/\S*\/fds-test-[^/]+\//g, '')}`
  }
  throw new Error('nothing was refused')
}

/** Kind and cells of each column. */
export function contents({ columns, rowCount }: Table): Record<string, unknown[]> {
  return Object.fromEntries(
    columns.map((column) => [
      `${column.name}: ${column.kind}`,
      Array.from({ length: rowCount }, (_, row) => cellOf(column, row)),
    ]),
  )
}
