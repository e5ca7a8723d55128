// Runs `npm test` and says how many lines of src it reaches: npm run coverage. Exit 1 where a test fails, or below 90 %.
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { coverageText, filesToCover, readCoverage } from './line-coverage.ts'

const LEAST = 0.9

const folder = mkdtempSync(join(tmpdir(), 'fds-coverage-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
// every Node process below writes what it ran there, those that tests start and their threads included
const environment = { ...process.env, NODE_V8_COVERAGE: folder }
const { status } = spawnSync('npm', ['test'], { stdio: 'inherit', env: environment })
const measured = readCoverage(folder, filesToCover())
const { share, text } = coverageText(measured)
mkdirSync('reports', { recursive: true })
writeFileSync('reports/coverage.md', text)
writeFileSync('reports/coverage.json', `${JSON.stringify(Object.fromEntries(measured), null, 2)}\n`)
console.log(text)
if (process.env['GITHUB_STEP_SUMMARY']) appendFileSync(process.env['GITHUB_STEP_SUMMARY'], text)
if (share < LEAST) console.log(`fewer than ${100 * LEAST} % of the lines are reached`)
process.exitCode = status !== 0 || share < LEAST ? 1 : 0
