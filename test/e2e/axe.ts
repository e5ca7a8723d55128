import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Axe-core's findings of WCAG 2.2 AA and good practice, as one line each. */
export async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const runner = (globalThis as unknown as { axe: typeof import('axe-core') }).axe
    const { violations } = await runner.run()
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map((node) => node.html)
          .join(' ')}`,
    )
  })
}
