// The notebooks as they are committed, held to the specification's plan and to their sources.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { FOLDER, notebookNames, sourceOf } from '../notebooks/tools/execute.ts'
import { daysOf, interviewPointsOf } from '../notebooks/tools/read-specification.ts'
import { type Notebook, type NotebookCell, type Output, toNotebook } from '../notebooks/tools/to-notebook.ts'
import { assertWellFormed } from '../src/tuning/analysis/well-formed.fixture.ts'

const SPECIFICATION = readFileSync('docs/specification/phase2-mlops-monitoring.md', 'utf8')
const DAYS = daysOf(SPECIFICATION)
/** One exercise, as the specification orders its cells. */
const EXERCISE =
  /^(?:concept )+example (?:concept |example )*exercise (?:concept |example )*todo solution checkpoint $/
/** Folders of one machine, and addresses whose port differs from run to run. */
const OF_A_MACHINE =
  /(?:^|[\s"'(=])\/(?:home|root|tmp|work|Users|usr|var|opt)\/|file:\/\/|[A-Z]:\\|127\.0\.0\.1:(?!8000|9090|3000|5000)\d{4}/

function notebookOf(name: string): Notebook {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.ipynb`), 'utf8'))
}

function textOf(text: string | readonly string[] = ''): string {
  return typeof text === 'string' ? text : text.join('')
}

function roleOf({ metadata }: NotebookCell): string {
  return metadata.fds.role
}

function outputsOf({ cells }: Notebook): (readonly [id: string, output: Output])[] {
  return cells.flatMap(({ id, outputs = [] }) => outputs.map((output) => [id, output] as const))
}

function hasPicture({ outputs = [] }: NotebookCell): boolean {
  return outputs.some(({ data }) => data?.['image/svg+xml'] !== undefined)
}

test('the specification plans six days with 31 exercises, and each has its source and its notebook', () => {
  assert.deepEqual(
    DAYS.map(({ exercises }) => exercises.length),
    [5, 5, 6, 5, 5, 5],
  )
  const planned = DAYS.map(({ notebook }) => notebook)
  assert.deepEqual(notebookNames(), planned)
  const built = readdirSync(FOLDER).filter((file) => file.endsWith('.ipynb'))
  assert.deepEqual(
    built.sort(),
    planned.map((name) => `${name}.ipynb`),
  )
})

test('the eight interview points are answered in their order, each with the code that proves it', () => {
  const points = interviewPointsOf(SPECIFICATION)
  assert.equal(points.length, 8)
  const page = readFileSync('notebooks/interview.ko.md', 'utf8')
  for (const [index, { point, days, question }] of points.entries()) {
    assert.ok(page.includes(`](#${index + 1}-`) && page.includes(`[${point}]`), point)
    assert.ok(page.includes(`| ${days.join(', ')} | ${question} |`), point)
    const answer = page.split(`\n## ${index + 1}. ${question}\n`)[1]?.split('\n## ')[0] ?? ''
    assert.match(answer, /^\n> [\s\S]+\n증거: \[/, point)
  }
})

test('the development container installs what the scripts of the course are', () => {
  const { postCreateCommand, remoteEnv } = JSON.parse(readFileSync('.devcontainer/devcontainer.json', 'utf8'))
  const script = /node (\S+)$/.exec(postCreateCommand)?.[1] ?? ''
  assert.ok(existsSync(script), script)
  assert.match(remoteEnv.JUPYTER_PATH, /\/\.cache\/interop\/notebooks\/share\/jupyter$/)
})

for (const { notebook: name, number, exercises, questions } of DAYS) {
  test(`${name}: cells in the specified order, its exercises by their names`, () => {
    const { cells } = notebookOf(name)
    const roles = cells.map(roleOf)
    assert.deepEqual([roles[0], roles[1], roles.at(-1)], ['title', 'imports', 'summary'])
    assert.ok(textOf(cells[0]!.source).startsWith(`# ${number}. `))
    const ends = roles.flatMap((role, at) => (role === 'checkpoint' ? [at + 1] : []))
    assert.equal(ends.length, exercises.length)
    assert.equal(ends.at(-1), roles.length - 1, 'the summary follows the last checkpoint')
    for (const [index, exercise] of exercises.entries()) {
      const part = cells.slice(ends[index - 1] ?? 2, ends[index])
      assert.match(part.map((cell) => `${roleOf(cell)} `).join(''), EXERCISE, `exercise ${index + 1}`)
      const heading = textOf(part.find((cell) => roleOf(cell) === 'exercise')!.source)
      assert.ok(
        heading.startsWith(`### 실습 ${index + 1}. ${exercise}`),
        `${heading.slice(0, 60)} is not ${exercise}`,
      )
      const numbers = part.map(({ metadata }) => metadata.fds.exercise).filter((at) => at !== undefined)
      assert.deepEqual(numbers, Array(4).fill(index + 1))
    }
  })

  test(`${name}: each concept begins with why, has a picture and ends with a question; each interview question is answered`, () => {
    const { cells } = notebookOf(name)
    const concepts = cells.flatMap((cell, at) => (roleOf(cell) === 'concept' ? [at] : []))
    for (const [index, at] of concepts.entries()) {
      const cell = cells[at]!
      const text = textOf(cell.source)
      assert.ok(cells.slice(at, concepts[index + 1]).some(hasPicture), `${cell.id} has no picture`)
      assert.match(text, /^## .+\n\n\*\*왜 필요한가\?\*\*/, cell.id)
      assert.match(text, /\n\n\*\*생각해 볼 질문\.\*\* (?:.|\n(?!\n))*\?$/, cell.id)
    }
    const summary = textOf(cells.at(-1)!.source)
    assert.match(summary, /\n### 생각해 볼 질문의 답\n[\s\S]+\n### 면접 포인트\n/)
    for (const question of questions) assert.ok(summary.includes(question), question)
  })

  test(`${name}: is what its source says, and every cell of code was run`, () => {
    const plan = toNotebook(sourceOf(name), 'solved').cells
    const cells = notebookOf(name).cells
    const shown = ({ id, cell_type, metadata, source }: NotebookCell) => ({
      id,
      cell_type,
      metadata,
      source: textOf(source),
    })
    assert.deepEqual(cells.map(shown), plan.map(shown), `npm run notebooks:build -- ${number}`)
    const counts = cells.filter(({ cell_type }) => cell_type === 'code').map((cell) => cell.execution_count)
    assert.deepEqual(
      counts,
      counts.map((_, at) => at + 1),
    )
  })

  test(`${name}: outputs are Korean, tables and pictures; no errors, dumps, colours of a terminal or traces of a machine`, () => {
    for (const [id, output] of outputsOf(notebookOf(name))) {
      assert.notEqual(output.output_type, 'error', id)
      if (output.data) {
        const isSeen = output.data['text/html'] !== undefined || output.data['image/svg+xml'] !== undefined
        const svg = output.data['image/svg+xml']
        if (svg !== undefined) assertWellFormed(textOf(svg))
        assert.ok(isSeen, `${id} shows a raw value: ${textOf(output.data['text/plain']).slice(0, 80)}`)
      }
      const text = output.data ? Object.values(output.data).map(textOf).join('\n') : textOf(output.text)
      assert.doesNotMatch(text, OF_A_MACHINE, id)
      assert.ok(!text.includes('\u001b'), id)
      assert.match(text, /[가-힣]/, id)
    }
  })

  test(`${name}: every checkpoint asserts with a hint, and every link leads to a file`, () => {
    const { cells } = notebookOf(name)
    for (const cell of cells.filter((cell) => roleOf(cell) === 'checkpoint'))
      assert.match(
        textOf(cell.source),
        new RegExp(`assert[\\s\\S]*체크포인트 ${cell.metadata.fds.exercise}: `),
        cell.id,
      )
    const texts = cells
      .filter(({ cell_type }) => cell_type === 'markdown')
      .map(({ source }) => textOf(source))
    const links = texts.flatMap((text) =>
      [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, to]) => to!),
    )
    assert.ok(links.length > 0)
    for (const link of links) assert.ok(existsSync(join(FOLDER, link)), link)
  })
}
