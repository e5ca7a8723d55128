// A learner's way through the browser: JupyterLab opens a notebook, runs all of it, and everything is there to be seen.
import assert from 'node:assert/strict'
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { FOLDER } from '../../notebooks/tools/execute.ts'
import { launchChromium } from '../e2e/chromium.ts'
import { type JupyterLab, startJupyterLab } from './jupyterlab.ts'
import { openNotebook, runAll } from './lab-page.ts'

// of its own: a learner may have solved the other
const COPY = 'opened-by-a-test.ipynb'
const OWN = join(FOLDER, '../my', COPY)
let lab: JupyterLab
let browser: Browser
let page: Page

before(async () => {
  browser = await launchChromium()
  lab = await startJupyterLab()
  copyFileSync(join(FOLDER, '2-4_cost_cicd.ipynb'), OWN)
  page = await openNotebook(browser, lab, COPY)
})

after(async () => {
  await browser.close()
  await lab.close()
  rmSync(OWN)
})

test('JupyterLab opens a notebook in the TypeScript kernel with its solutions folded', async () => {
  assert.equal(await page.locator('.jp-InputPlaceholder').count(), 5)
})

test('"Run all" goes through: no cell fails, nothing is written to stderr, pictures are drawn, checkpoints pass', async () => {
  await runAll(page)
  await page.locator('.jp-RenderedSVG').nth(4).waitFor({ state: 'attached' })
  assert.equal(await page.locator('[data-mime-type="application/vnd.jupyter.error"]').count(), 0)
  assert.equal(await page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count(), 0)
  assert.equal(await page.getByText(/^✅ 체크포인트 \d 통과/).count(), 5)
})
