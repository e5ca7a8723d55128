// Runs the notebooks from their sources and writes them with their outputs: all, or those whose names begin with an argument.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorsOf } from './errors-of.ts'
import { execute, FOLDER, notebookNames } from './execute.ts'

const [only = ''] = process.argv.slice(2)
for (const name of notebookNames().filter((name) => name.startsWith(only))) {
  const started = Date.now()
  const { notebook, text } = await execute(name, 'solved')
  writeFileSync(join(FOLDER, `${name}.ipynb`), text)
  process.stdout.write(`${name}: ${((Date.now() - started) / 1000).toFixed(0)} s\n`)
  for (const [id, message] of errorsOf(notebook)) {
    process.exitCode = 1
    process.stdout.write(`  ${id}: ${message}\n`)
  }
}
