// Runs the three variants of the notebooks whose names begin with the argument and prints what fails that should not, and what passes that should fail.

import { complaints } from './complaints.ts'
import { errorsOf } from './errors-of.ts'
import { execute, notebookNames, sourceOf } from './execute.ts'
import { VARIANTS } from './to-notebook.ts'

const [only = ''] = process.argv.slice(2)
for (const name of notebookNames().filter((name) => name.startsWith(only))) {
  for (const variant of VARIANTS) {
    const { notebook } = await execute(name, variant)
    const wrong = complaints(sourceOf(name), variant, errorsOf(notebook))
    process.stdout.write(
      `${name} ${variant}: ${wrong.length === 0 ? 'as it should be' : `\n  ${wrong.join('\n  ')}`}\n`,
    )
    if (wrong.length > 0) process.exitCode = 1
  }
}
