// The notebooks, run from their sources by Jupyter's own client in Deno's kernel.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { complaints } from '../../notebooks/tools/complaints.ts'
import { jupyterEnvironment } from '../../notebooks/tools/environment.ts'
import { errorsOf } from '../../notebooks/tools/errors-of.ts'
import { execute, FOLDER, notebookNames, sourceOf } from '../../notebooks/tools/execute.ts'
import type { Notebook } from '../../notebooks/tools/to-notebook.ts'

// once, before several ask for it
await jupyterEnvironment()

// two notebooks at a time; the runs of one share its home and go one after another
describe('the notebooks', { concurrency: 2 }, () => {
  for (const name of notebookNames()) describe(name, () => runs(name))
})

function runs(name: string): void {
  const cells = sourceOf(name)

  test('everything passes, and gives the outputs that are committed', async () => {
    const { notebook } = await execute(name, 'solved')
    assert.deepEqual(complaints(cells, 'solved', errorsOf(notebook)), [])
    const committed: Notebook = JSON.parse(readFileSync(join(FOLDER, `${name}.ipynb`), 'utf8'))
    for (const [at, cell] of notebook.cells.entries())
      assert.deepEqual(cell, committed.cells[at], `${cell.id} is stale: npm run notebooks:build`)
    assert.deepEqual(notebook, committed)
  })

  test('without the solutions every checkpoint fails with its hint, and nothing else fails', async () => {
    const { notebook } = await execute(name, 'unsolved')
    assert.deepEqual(complaints(cells, 'unsolved', errorsOf(notebook)), [])
  })

  test('a likely mistake in place of each solution is told what is wrong with it', async () => {
    const { notebook } = await execute(name, 'mistaken')
    assert.deepEqual(complaints(cells, 'mistaken', errorsOf(notebook)), [])
  })
}
