import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { FdsError } from '../../errors.ts'
import { checkArtifactPath, checkFolderPath } from './artifact-path.ts'

const isRefused = (work: () => unknown): boolean => {
  try {
    work()
    return false
  } catch (error) {
    assert.ok(error instanceof FdsError && error.code === 'TRACKING_REFUSED', String(error))
    assert.equal(error.message, 'Invalid path')
    return true
  }
}

test('plain relative paths pass unchanged', () => {
  for (const path of [
    'a',
    '1/ab/artifacts/model/MLmodel',
    'a b/한글.txt',
    '...',
    '.hidden',
    'a..b',
    '100%',
    'a%20b',
  ]) {
    assert.equal(checkArtifactPath(path), path)
  }
})

test('a folder may be the root and may end in a slash', () => {
  assert.equal(checkFolderPath(undefined), '')
  assert.equal(checkFolderPath(''), '')
  assert.equal(checkFolderPath('/'), '')
  assert.equal(checkFolderPath('a/b/'), 'a/b')
  assert.equal(checkFolderPath('a/b/.'), 'a/b')
  assert.equal(checkFolderPath('.'), '')
  assert.ok(isRefused(() => checkFolderPath('a//')))
})

test('every spelling of a way out is refused', () => {
  const outs = [
    '..',
    '../a',
    'a/..',
    'a/../../b',
    './a',
    'a/./b',
    '.',
    '/a',
    '//a',
    'a//b',
    'a/',
    '\\a',
    'a\\..\\b',
  ]
  const odd = ['C:/a', 'c:a', 'C:\\a', 'a\0b', 'a\nb', 'a#b', '.uploads', '.uploads/x', '\u007f']
  for (const path of [...outs, ...odd]) {
    for (let spelling = path, depth = 0; depth < 4; depth++, spelling = encodeURIComponent(spelling)) {
      assert.ok(
        isRefused(() => checkArtifactPath(spelling)),
        `${path} as ${spelling}`,
      )
    }
  }
})

test('mixed and partial encodings hide nothing', () => {
  const spellings = [
    '%2e%2e/a',
    '.%2e/a',
    '%2E./a',
    '%252e%252e/a',
    '%25252e%25252e%25252fa',
    '..%2fa',
    '..%5ca',
    '%2fetc/passwd',
    'a/%2e%2e%2f%2e%2e%2fb',
    '%c0%ae%c0%ae/../a',
    'a%00b',
    'a%2500b',
    '%ff%2e%2e/a/%2e%2e',
    '%43%3a/a',
    '%2euploads/a',
    '%23',
  ]
  for (const path of spellings)
    assert.ok(
      isRefused(() => checkArtifactPath(path)),
      path,
    )
})

test('endless encoding is refused', () => {
  let path = 'a%20b'
  for (let depth = 0; depth < 20; depth++) path = path.replaceAll('%', '%25')
  assert.ok(isRefused(() => checkArtifactPath(path)))
})

test('whatever passes stays below the root after any number of decodings', () => {
  const parts = fc.constantFrom(
    '..',
    '.',
    '/',
    '\\',
    '%2e',
    '%2f',
    '%25',
    '%5c',
    '%00',
    'a',
    '2e',
    '2f',
    '%',
    'C:',
    '#',
  )
  const paths = fc.oneof(
    fc.string(),
    fc.array(parts, { maxLength: 12 }).map((list) => list.join('')),
  )
  let passed = 0
  fc.assert(
    fc.property(paths, (path) => {
      if (isRefused(() => checkArtifactPath(path))) return
      passed++
      for (let at = path, depth = 0; depth < 10; depth++, at = decoded(at)) {
        assert.ok(!at.split(/[/\\]/).some((name) => name === '..' || name === '.' || name === ''), at)
      }
    }),
    { numRuns: 2000, seed: 1 },
  )
  assert.ok(passed > 50)
})

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
