import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { SIMULATED_COLUMNS } from './simulator-columns.ts'
import { FRAUD_PATTERNS } from './simulator-patterns.ts'

const page = readFileSync(new URL('../../docs/simulator.md', import.meta.url), 'utf8')

test('is described column by column in docs/simulator.md', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  assert.deepEqual(
    rows.slice(-SIMULATED_COLUMNS.length),
    SIMULATED_COLUMNS.map(
      ({ name, kind, unit, meaning, missing }) =>
        `| \`${name}\` | ${kind} | ${unit} | ${meaning} | ${missing || 'never'} |`,
    ),
  )
})

test('has every pattern in docs/simulator.md, with its shares', () => {
  const percent = (share: number) => `${Math.round(share * 100)} %`
  for (const { name, share, driftedShare } of FRAUD_PATTERNS) {
    assert.ok(page.includes(`| \`${name}\` | ${percent(share)} | ${percent(driftedShare)} |`), name)
  }
})

test('has 32 columns with different names', () => {
  assert.equal(new Set(SIMULATED_COLUMNS.map(({ name }) => name)).size, 32)
})
