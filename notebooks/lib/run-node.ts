import { execFile } from 'node:child_process'
import { basename, join } from 'node:path'

/** How a program ended, and what it said. */
export interface Ended {
  readonly status: number
  readonly said: string
}

/** One test of a file: its name, whether it passed, and what it said where it did not. */
export interface TestResult {
  readonly name: string
  readonly passed: boolean
  readonly message: string
}

const ROOT = join(import.meta.dirname, '../..')
const PROGRAM = join(ROOT, 'node_modules/node/bin/node')

/** Runs a script by the project's own Node in a folder, as a step of a pipeline would. */
export function runNode(folder: string, args: readonly string[]): Promise<Ended> {
  // a test runner above would make the tests below report to it
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  return new Promise((resolve, reject) => {
    execFile(PROGRAM, [...args], { cwd: folder, env }, (error, stdout, stderr) => {
      const status = error === null ? 0 : error.code
      if (typeof status === 'number') resolve({ status, said: stdout + stderr })
      else reject(error)
    })
  })
}

/** Runs the tests of one file by `node --test`, in the order of the file. */
export async function runTests(folder: string, file: string): Promise<readonly TestResult[]> {
  const options = ['--test', '--test-isolation=none', '--test-reporter=tap']
  const { said } = await runNode(folder, [...options, file])
  // each top-level test is a line of its own, what it said follows with two spaces
  return said
    .split(/^(?=ok |not ok )/m)
    .slice(1)
    .map((part) => {
      const [, name = ''] = /^(?:not )?ok \d+ - (.*)/.exec(part) ?? []
      const [, line = '', next = ''] = /^ {2}error: (.*)\n(.*)/m.exec(part) ?? []
      const message = line.startsWith('|') ? next.trim() : line.replace(/^'(.*)'$/, '$1')
      return { name: basename(name), passed: part.startsWith('ok'), message }
    })
}
