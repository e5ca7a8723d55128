import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { createRandom } from '../math/random.ts'
import { importancePlot, saveXgboostModel, trainBooster } from '../model/index.ts'
import { modelImportance } from './model-importance.ts'

test('lists what each feature contributes, the largest first, and writes the picture', async () => {
  const random = createRandom(1)
  const values = Float32Array.from({ length: 600 }, () => random.normal())
  const y = Uint8Array.from({ length: 200 }, (_, row) => Number(values[3 * row]! + values[3 * row + 1]! > 0))
  const x = { rowCount: 200, columnCount: 3, values }
  const booster = trainBooster({ nEstimators: 5 }, { x, y, featureNames: ['amount', 'hour', 'noise'] })
  const folder = await mkdtemp(join(tmpdir(), 'fds-test-'))
  try {
    const uri = join(folder, 'model.json')
    const out = join(folder, 'importance.svg')
    await writeFile(uri, saveXgboostModel(booster, 'json'))
    const openClient = () => assert.fail('a file needs no tracking store')
    const features = await modelImportance({ uri, kind: 'total_gain', out, maxFeatures: 2, openClient })
    assert.deepEqual(
      Object.fromEntries(features.map(({ feature, importance }) => [feature, importance])),
      booster.importance('total_gain'),
    )
    assert.ok(features.every(({ importance }, i) => i === 0 || importance <= features[i - 1]!.importance))
    const picture = importancePlot(booster, { kind: 'total_gain', maxFeatures: 2 })
    assert.equal(await readFile(out, 'utf8'), picture)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
