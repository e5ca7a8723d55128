import type { Notebook } from './to-notebook.ts'

/** What cells ended with an error, and its name and message, in order. */
export function errorsOf(notebook: Notebook): Map<string, string> {
  const errors = new Map<string, string>()
  for (const { id, outputs = [] } of notebook.cells) {
    const error = outputs.find(({ output_type }) => output_type === 'error')
    if (error) errors.set(id, `${error.ename}: ${error.evalue}`)
  }
  return errors
}
