// The notebooks, run from their sources by Jupyter's own client in Deno's kernel.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { complaints } from '../../notebooks/tools/complaints.ts'
import { jupyterEnvironment } from '../../notebooks/tools/environment.ts'
import { errorsOf } from '../../notebooks/tools/errors-of.ts'
import { execute, FOLDER, notebookNames, sourceOf } from '../../notebooks/tools/execute.ts'
import type { Notebook } from '../../notebooks/tools/to-notebook.ts'

const LIVE = '2-6_prometheus_grafana'

// once, before several ask for it
await jupyterEnvironment()

// two notebooks at a time; the runs of one share its home and go one after another
describe('the notebooks', { concurrency: 2 }, () => {
  for (const name of notebookNames()) describe(name, { concurrency: 1 }, () => runs(name))
})

test('the notebook that asks a live Prometheus says the same where there is none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fds-no-prometheus-'))
  try {
    // what is found first does not run
    writeFileSync(join(folder, 'prometheus'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    // biome-ignore lint/style/noProcessEnv: the path to the programs of this machine is no configuration of ours
    const { notebook } = await execute(LIVE, 'solved', { PATH: `${folder}:${process.env['PATH']}` })
    assert.deepEqual(notebook, committed(LIVE))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

function runs(name: string): void {
  const cells = sourceOf(name)

  test('everything passes, and gives the outputs that are committed', async () => {
    const { notebook } = await execute(name, 'solved')
    assert.deepEqual(complaints(cells, 'solved', errorsOf(notebook)), [])
    const due = committed(name)
    for (const [at, cell] of notebook.cells.entries())
      assert.deepEqual(cell, due.cells[at], `${cell.id} is stale: npm run notebooks:build`)
    assert.deepEqual(notebook, due)
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

function committed(name: string): Notebook {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.ipynb`), 'utf8'))
}
