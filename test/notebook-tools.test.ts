import assert from 'node:assert/strict'
import test from 'node:test'
import { complaints } from '../notebooks/tools/complaints.ts'
import { readSource } from '../notebooks/tools/read-source.ts'
import { toNotebook } from '../notebooks/tools/to-notebook.ts'

const SOURCE = `// %% title
/*
# 2-0. 예시
*/

// %% example
console.log(1)

// %% todo 1
let one = TODO

// %% solution 1
one = 1

// %% mistake 1: 하나 더
one = 2

// %% checkpoint 1
assert.equal(one, 1, '체크포인트 1: 하나 더 세지 않았는지 확인하십시오.')
`

test('a source is read in cells, with role, exercise and hint', () => {
  const cells = readSource(SOURCE)
  assert.deepEqual(
    cells.map(({ role }) => role),
    ['title', 'example', 'todo', 'solution', 'mistake', 'checkpoint'],
  )
  assert.deepEqual(cells[0], { role: 'title', source: '# 2-0. 예시' })
  assert.deepEqual(cells[4], { role: 'mistake', exercise: 1, hint: '하나 더', source: 'one = 2' })
})

test('a source that cannot be read is refused with its line', () => {
  assert.throws(() => readSource('const a = 1'), /^Error: line 1: a source begins with a cell/)
  assert.throws(
    () => readSource('// %% tilte\n/*\n# A\n*/'),
    /^Error: line 1: \/\/ %% and one of .*not: \/\/ %% tilte/,
  )
  assert.throws(() => readSource('// %% title\n# A'), /^Error: line 1: title must hold one block comment/)
  assert.throws(() => readSource('// %% example\n'), /^Error: line 1: example must hold code/)
})

test('a notebook has no mistakes, folds its solutions and names its cells by what they are', () => {
  const { cells } = toNotebook(readSource(SOURCE), 'solved')
  assert.deepEqual(
    cells.map(({ id }) => id),
    ['title-1', 'example-1', 'todo-1', 'solution-1', 'checkpoint-1'],
  )
  assert.deepEqual(cells[3]!.metadata, {
    fds: { role: 'solution', exercise: 1 },
    jupyter: { source_hidden: true },
  })
  assert.equal(cells[0]!.cell_type, 'markdown')
  assert.equal(toNotebook(readSource(SOURCE), 'unsolved').cells.length, 4)
  assert.equal(toNotebook(readSource(SOURCE), 'mistaken').cells[3]!.source, 'one = 2')
})

test('a run is wrong where a checkpoint passes without a solution, fails without its hint, or another cell fails', () => {
  const cells = readSource(SOURCE)
  const hint = 'AssertionError: 체크포인트 1: 하나 더 세지 않았는지 확인하십시오.'
  assert.deepEqual(complaints(cells, 'solved', new Map()), [])
  assert.deepEqual(complaints(cells, 'solved', new Map([['checkpoint-1', hint]])), [
    `checkpoint-1 failed: ${hint}`,
  ])
  assert.deepEqual(complaints(cells, 'unsolved', new Map()), ['checkpoint-1 passed'])
  assert.deepEqual(complaints(cells, 'unsolved', new Map([['checkpoint-1', hint]])), [])
  const typeError = 'TypeError: one is not a function'
  assert.deepEqual(complaints(cells, 'mistaken', new Map([['checkpoint-1', typeError]])), [
    `checkpoint-1 is no hint: ${typeError}`,
  ])
  const other = 'AssertionError: 체크포인트 1: 아직 빈칸입니다.'
  assert.deepEqual(complaints(cells, 'mistaken', new Map([['checkpoint-1', other]])), [
    `checkpoint-1 does not say "하나 더" but: ${other}`,
  ])
  assert.deepEqual(complaints(cells, 'unsolved', new Map([['todo-1', typeError]])), [
    `todo-1 failed: ${typeError}`,
    'checkpoint-1 passed',
  ])
})
