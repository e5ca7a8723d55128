import type { Browser, Page } from 'playwright-core'
import type { JupyterLab } from './jupyterlab.ts'

const KERNEL_MS = 30_000
const RUN_MS = 180_000

/** A file of the learner's notebooks, opened in JupyterLab, when its kernel is ready and all of its cells are drawn. */
export async function openNotebook(browser: Browser, { address }: JupyterLab, name: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 }, locale: 'ko-KR' })
  const url = new URL(address)
  url.pathname = `/lab/tree/notebooks/my/${name}`
  // what was open before is not opened again
  url.searchParams.set('reset', '')
  await page.goto(url.href)
  await page.locator('.jp-Notebook').waitFor({ timeout: KERNEL_MS })
  await page.locator('.jp-Toolbar-kernelName', { hasText: 'Deno' }).waitFor({ timeout: KERNEL_MS })
  await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ timeout: KERNEL_MS })
  return page
}

/** Runs every cell and waits until the last one has run. */
export async function runAll(page: Page): Promise<void> {
  await page.getByRole('menuitem', { name: 'Run', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Run All Cells', exact: true }).click()
  const waiting = page.locator('.jp-CodeCell .jp-InputArea-prompt', { hasText: '[*]' }).first()
  await waiting.waitFor()
  await waiting.waitFor({ state: 'detached', timeout: RUN_MS })
}
