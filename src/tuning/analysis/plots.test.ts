import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import {
  createStudy,
  plotEdf,
  plotParamImportances,
  plotStudy,
  plotTimeline,
  RandomSampler,
} from '../index.ts'
import type { StudyView } from '../samplers/sampler.ts'
import { drawSvg } from './draw-svg.ts'
import { trialOf } from './golden-study.fixture.ts'
import { linearTicks, logTicks, numberText, paddedRange, shortText } from './number-text.ts'
import { sampled } from './sampled.ts'
import { surfaceNear } from './surface.ts'
import { assertWellFormed } from './well-formed.fixture.ts'

/** A study whose names try to break out of the document. */
async function hostileStudy(nTrials: number): Promise<StudyView> {
  const study = createStudy({
    sampler: new RandomSampler({ seed: 2 }),
    studyName: '</text><script>alert(1)</script>',
  })
  await study.optimize(
    (trial) => {
      const rate = trial.suggestFloat('rate" onload="alert(1)', 1e-3, 1, { log: true })
      const tree = trial.suggestCategorical('<script>tree</script>\u0000&', ['<b>', '"&\'', ']]>', '\ud800'])
      const depth = trial.number % 2 === 0 ? trial.suggestInt('depth', 1, 9) : 5
      trial.report(rate, 1)
      trial.report(rate / 2, 2)
      return Math.log(rate) ** 2 + tree.length / 9 + depth / 3
    },
    { nTrials },
  )
  const trials = study.trials.map((trial, i) => ({
    ...trial,
    datetimeStart: i * 1e3,
    datetimeComplete: i * 1e3 + 2e3,
  }))
  return { direction: study.direction, studyName: study.studyName, trials }
}

test('every picture is well-formed, has no script and no outside reference, whatever the names', async () => {
  for (const count of [1, 2, 60]) {
    const pictures = plotStudy(await hostileStudy(count), { targetName: '<i>&"cost"</i>' })
    assert.equal(Object.keys(pictures).length, count === 1 ? 6 : 8)
    for (const svg of Object.values(pictures)) {
      assertWellFormed(svg)
      assert.doesNotMatch(svg, /<script|<image|<a |href="(?!#)| on\w+="|NaN|undefined|Infinity/)
      assert.match(svg, /^<svg role="img" aria-label="[\w ]+" width="\d+" height="\d+"/)
    }
  }
})

test('a title may hold any words', () => {
  const svg = drawSvg({ title: 'a "b" & <c>', subtitle: '"d" & <e>', option: {} })
  assertWellFormed(svg)
  assert.match(svg, /aria-label="a &quot;b&quot; &amp; &lt;c>"/)
})

test('the same study gives the same text', async () => {
  const study = await hostileStudy(12)
  assert.deepEqual(plotStudy(study), plotStudy(study))
})

test('pictures of 3,000 trials stay small', async () => {
  const pictures = plotStudy(await hostileStudy(3000))
  for (const svg of Object.values(pictures)) assert.ok(svg.length < 1_500_000)
})

test('values without a place on a picture leave the rest legible', () => {
  const values = [1e308, -1e308, Number.POSITIVE_INFINITY, 1, 1]
  const trials = values.map((value, number) => trialOf({ number, value }))
  const pictures = plotStudy({ direction: 'maximize', studyName: 's', trials })
  for (const svg of Object.values(pictures)) assert.doesNotMatch(svg, /NaN|Infinity/)
})

test('an empty study gives pictures that say so', () => {
  const study = createStudy()
  assert.deepEqual(plotStudy(study), {})
  for (const svg of [plotEdf(study), plotParamImportances(study), plotTimeline(study)]) {
    assertWellFormed(svg)
    assert.match(svg, /No trial/)
  }
})

test('the drawing library is loaded by the first picture alone', () => {
  const program = `
    const { createStudy, plotEdf } = await import('./src/tuning/index.ts')
    const { createRequire } = await import('node:module')
    const isLoaded = () => Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('echarts'))
    const before = isLoaded()
    plotEdf(createStudy())
    console.log(before, isLoaded())`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  assert.equal(stdout.trim(), 'false true')
})

test('ticks are round numbers inside the range', () => {
  assert.deepEqual(linearTicks([0.03, 0.96], 5), [0.2, 0.4, 0.6, 0.8])
  assert.deepEqual(linearTicks([-0.2, 3.1], 5, true), [0, 1, 2, 3])
  assert.deepEqual(logTicks([-3.1, 2]), [-3, -2, -1, 0, 1, 2])
  assert.deepEqual(
    logTicks([-2, -0.5]).map((tick) => numberText(10 ** tick)),
    ['0.01', '0.02', '0.05', '0.1', '0.2'],
  )
  assert.deepEqual(
    logTicks([0.54, 0.6]).map((tick) => numberText(10 ** tick)),
    ['3.6', '3.8'],
  )
})

test('a range is never empty and leaves out what is not finite', () => {
  assert.deepEqual(paddedRange([0, 20, Number.NaN, Number.POSITIVE_INFINITY]), [-1, 21])
  assert.deepEqual(paddedRange([]), [0, 1])
  assert.deepEqual(paddedRange([0]), [-0.5, 0.5])
  assert.deepEqual(paddedRange([-20]), [-21, -19])
})

test('numbers and names are short', () => {
  assert.deepEqual([0, 0.123456, 12345.678, 1e-7, -2.5e9, 1e6].map(numberText), [
    '0',
    '0.1235',
    '12,350',
    '1e-7',
    '-2.5e9',
    '1e6',
  ])
  assert.deepEqual(
    [shortText('abcdef', 6), shortText('abcdefg', 6), shortText('가나다라', 6)],
    ['abcdef', 'abcde…', '가나…'],
  )
  assert.deepEqual(sampled([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4), [0, 3, 6, 9])
})

test('a surface stays near its points and inside their range, and keeps choices apart', () => {
  const raster = { columns: 20, rows: 20, across: 1, up: 1 }
  const plane = [0, 0.25, 0.5, 0.75, 1].flatMap((u) => [0, 0.5, 1].map((v) => ({ u, v, value: u })))
  const surface = surfaceNear(plane, raster)
  assert.ok(surface.every((value) => value >= 0 && value <= 1))
  for (let row = 0; row < 20; row++) {
    assert.ok(surface[row * 20]! < 0.28 && surface[row * 20 + 19]! > 0.7)
  }
  const choices = surfaceNear(
    [
      { u: 0.1, v: 0.5, value: 0 },
      { u: 0.9, v: 0.5, value: 1 },
    ],
    { columns: 2, rows: 8, across: 0.02, up: 1 },
  )
  assert.ok(choices[0]! < 0.25 && choices[1]! > 0.75)
})
