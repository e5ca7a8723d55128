// Runs the unit and journey tests of `npm test` and says how many lines of src they reach: npm run coverage. Exit 1 below 90 %.
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { filesToCover, readLcov, summaryOf } from './line-coverage.ts'

const LEAST = 0.9
const LCOV = 'reports/coverage.info'

mkdirSync('reports', { recursive: true })
const include = ['--test-coverage-include=src/**/*.ts', '--test-coverage-include=src/**/*.js']
const reporters = [
  ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
  ...['--test-reporter=lcov', `--test-reporter-destination=${LCOV}`],
]
const { status } = spawnSync(
  process.execPath,
  [
    ...['--test', '--test-concurrency=2', '--test-timeout=240000'],
    ...['--experimental-test-coverage', ...include, ...reporters],
    ...['src/**/*.test.ts', 'test/**/*.test.ts'],
  ],
  { stdio: 'inherit' },
)
const { share, text } = summaryOf(readLcov(readFileSync(LCOV, 'utf8')), filesToCover())
writeFileSync('reports/coverage.md', text)
console.log(text)
if (process.env['GITHUB_STEP_SUMMARY']) appendFileSync(process.env['GITHUB_STEP_SUMMARY'], text)
if (share < LEAST) console.log(`fewer than ${100 * LEAST} % of the lines are reached`)
process.exitCode = status !== 0 || share < LEAST ? 1 : 0
