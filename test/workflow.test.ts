// Rules of the workflow that actionlint does not know.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { parse } from 'yaml'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly if?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly 'timeout-minutes'?: number
  readonly steps: readonly Step[]
}

const text = readFileSync('.github/workflows/ml-pipeline.yml', 'utf8')
const workflow = parse(text) as {
  on: Readonly<Record<string, unknown>>
  permissions: object
  env: { NODE_VERSION: string }
  jobs: Readonly<Record<string, Job>>
}
const jobs = Object.entries(workflow.jobs)
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Readonly<Record<string, string>>
  devDependencies: Readonly<Record<string, string>>
}

test('every action is pinned to a commit, its version beside it', () => {
  const uses = text.split('\n').filter((line) => line.includes('uses:'))
  assert.ok(uses.length > 10)
  for (const line of uses) assert.match(line, /uses: actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  const commits = new Map<string, Set<string>>()
  for (const [, name = '', commit = ''] of text.matchAll(/uses: ([\w/-]+)@(\w+)/g))
    commits.set(name, (commits.get(name) ?? new Set()).add(commit))
  for (const [name, found] of commits) assert.equal(found.size, 1, `${name} is the same everywhere`)
})

test('a job may do what it must and no more, ends in time, and keeps no credential in its checkout', () => {
  assert.deepEqual(workflow.permissions, {})
  for (const [name, { permissions, 'timeout-minutes': minutes, steps }] of jobs) {
    const allowed = { contents: 'read', ...(name === 'comment' && { 'pull-requests': 'write' }) }
    assert.deepEqual(permissions, allowed, name)
    assert.ok(minutes! > 0, name)
    const checkout = steps.find(({ uses }) => uses?.startsWith('actions/checkout@'))
    assert.equal(checkout?.with?.['persist-credentials'], false, name)
  }
})

test('what a job runs is an npm script, which runs on a desk alike', () => {
  for (const [name, { steps }] of jobs)
    for (const { run } of steps) {
      if (run === undefined || run === 'npm ci' || run.startsWith('gh pr comment')) continue
      const [, script = ''] = /^npm run ([\w:-]+)$/.exec(run) ?? []
      assert.ok(manifest.scripts[script], `${name} runs ${run}`)
    }
})

test('the jobs of the specification are there, on its Node, by day and at night', () => {
  assert.equal(workflow.env.NODE_VERSION, manifest.devDependencies['node'])
  assert.deepEqual(Object.keys(workflow.on), ['push', 'pull_request', 'schedule', 'workflow_dispatch'])
  const runs = (job: string) => workflow.jobs[job]!.steps.map(({ run }) => run)
  assert.ok(runs('test').includes('npm run coverage'))
  assert.ok(runs('model-validation').includes('npm run validate-model'))
  assert.ok(runs('drift-check').includes('npm run check-drift'))
  assert.ok(runs('retrain').includes('npm run retrain'))
  const upload = workflow.jobs['drift-check']!.steps.find((step) => step.if === 'failure()')
  assert.equal(upload?.with?.['path'], 'reports/drift_*.html')
})
