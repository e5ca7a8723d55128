// Model folders and files as Python leaves them; our own folders are loaded in the journeys.
import assert from 'node:assert/strict'
import { copyFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { FdsError } from '../errors.ts'
import { loadModel } from './load-model.ts'

const TREES = 'test/fixtures/model/forms-3.2.0/gbtree-numerical.ubj'

const noStore = async (): Promise<never> => assert.fail('a file needs no tracking store')

async function folderOf(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fds-load-'))
  context.after(() => rm(folder, { recursive: true }))
  return folder
}

function failsWith(code: string, text: string): (error: unknown) => boolean {
  return (error) => error instanceof FdsError && error.code === code && error.message.includes(text)
}

test('loads the trees that the MLmodel file of a Python model names', async (context) => {
  const folder = await folderOf(context)
  for (const name of ['model.ubj', 'model.xgb']) {
    await writeFile(
      join(folder, 'MLmodel'),
      `flavors:\n  xgboost:\n    data: ${name}\n    model_format: ubj\n`,
    )
    await assert.rejects(loadModel(folder, noStore), failsWith('MODEL_FILE_INVALID', `must hold ${name}`))
    await copyFile(TREES, join(folder, name))
    const { booster, spec } = await loadModel(folder, noStore)
    assert.equal(booster.trees.length, 8)
    assert.equal(spec, undefined)
  }
})

test('loads a bare file in either format, whatever its name', async (context) => {
  const folder = await folderOf(context)
  const file = join(folder, 'fraud.model')
  for (const format of ['ubj', 'json']) {
    await copyFile(TREES.replace('ubj', format), file)
    assert.equal((await loadModel(file, noStore)).booster.trees.length, 8)
  }
  await assert.rejects(loadModel(folder, noStore), failsWith('MODEL_NOT_FOUND', 'no model.json or model.ubj'))
})

test('refuses a file of more than 2 GiB without reading it', async (context) => {
  const file = join(await folderOf(context), 'model.ubj')
  await writeFile(file, '{L')
  // a hole takes no room on the disk
  await truncate(file, 2 ** 31)
  await assert.rejects(loadModel(file, noStore), failsWith('MODEL_FILE_INVALID', 'at most 2147483647 bytes'))
})
