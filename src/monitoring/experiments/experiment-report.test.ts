import assert from 'node:assert/strict'
import test from 'node:test'
import {
  type ExperimentLook,
  experimentPlan,
  experimentReport,
  gatherEvidence,
  judgeExperiment,
} from '../index.ts'
import { outcomesOf, START } from './outcomes.fixture.ts'

const plan = experimentPlan({ trafficSplit: 0.5, plannedSamples: 20_000 })
const outcomes = outcomesOf({
  rows: 20_000,
  seed: 3,
  champion: { sees: 0.68, alarms: 0.01 },
  challenger: { sees: 0.74, alarms: 0.01 },
})

/** Followed over ten looks. */
function followed() {
  const looks: ExperimentLook[] = []
  let verdict: ReturnType<typeof judgeExperiment>['verdict'] | undefined
  for (let rows = 2000; rows <= outcomes.length; rows += 2000) {
    const evidence = gatherEvidence({ plan, outcomes: outcomes.slice(0, rows), now: START + rows })
    const found = judgeExperiment({ plan, evidence, earlierLooks: looks })
    if (found.look) looks.push(found.look)
    verdict = found.verdict
  }
  return { verdict: verdict!, looks }
}

test('tells the verdict in both languages, with the naive one beside it', () => {
  const { verdict, looks } = followed()
  const english = experimentReport(verdict, looks).text
  assert.match(english, /^Verdict: /)
  assert.match(english, /Recommendation: /)
  assert.match(english, /Difference of cost per entity: -?\d/)
  assert.match(english, /errs in \d+(\.\d)? % of experiments on equal models, the verdict above in 5 %/)
  const korean = experimentReport(verdict, looks, { language: 'ko' }).text
  assert.match(korean, /^판정: /)
  assert.doesNotMatch(korean, /undefined|NaN|null|Recommendation/)
  assert.equal(korean.split('\n').length, english.split('\n').length)
})

test('draws an SVG document that stands alone, dark where the page is', () => {
  const { verdict, looks } = followed()
  for (const language of ['en', 'ko'] as const) {
    const { svg } = experimentReport(verdict, looks, { language })
    assert.match(svg, /^<svg role="img" aria-label="[^"]+" /)
    assert.match(svg, /prefers-color-scheme:dark/)
    assert.doesNotMatch(svg, /<script|href="http|NaN|undefined/)
    // the band, the effect with a dot a look, two bounds
    assert.ok(svg.includes('#cfe3f1') && svg.includes('#0072b2') && svg.includes('#d55e00'))
    assert.equal(svg, experimentReport(verdict, looks, { language }).svg)
  }
})

test('says so where no look has asked yet', () => {
  const evidence = gatherEvidence({ plan, outcomes: [], now: START })
  const { verdict } = judgeExperiment({ plan, evidence, earlierLooks: [] })
  const { svg, text, data } = experimentReport(verdict, [])
  assert.match(svg, /No look has asked for a verdict yet/)
  assert.match(text, /still collecting/)
  assert.deepEqual(JSON.parse(JSON.stringify(data)), data)
})
