import assert from 'node:assert/strict'
import test from 'node:test'
import { Registry } from '@prometheus-io/client'
import { EVALUATED_AT, experimentHealth } from '../experiments/experiment-health.fixture.ts'
import type { ExperimentHealth } from '../experiments/experiment-health.ts'
import { servedModel, servedModels } from '../experiments/served-models.fixture.ts'
import { fixtureModel } from '../models/model.fixture.ts'
import { exposeExperiment } from './experiment-metrics.ts'

const { files } = fixtureModel()
const HEALTH = experimentHealth()

async function exposed(
  health: ExperimentHealth,
  challenger = '2',
): Promise<(name: string) => number | undefined> {
  const registry = new Registry()
  const models = servedModels({
    champion: servedModel('champion', '1', files),
    challenger: servedModel('challenger', challenger, files),
  })
  exposeExperiment(registry, { health, models })
  const lines = (await registry.metrics()).split('\n')
  return (series) => {
    const line = lines.find((text) => text.startsWith(`fds_experiment_${series} `))
    return line === undefined ? undefined : Number(line.split(' ').at(-1))
  }
}

test('tells of the running experiment what its last evaluation says', async () => {
  const { verdict, looks } = HEALTH.evaluated()!.evaluation
  const value = await exposed(HEALTH)
  assert.deepEqual([value('running'), value('assigning')], [1, 1])
  assert.equal(value('status{status="champion_wins"}'), 1)
  assert.equal(value('status{status="collecting"}'), 0)
  assert.equal(value('evaluated_timestamp_seconds'), EVALUATED_AT / 1000)
  assert.equal(value('decisions{arm="challenger"}'), verdict.challenger.decisions)
  assert.equal(value('labelled_decisions{arm="champion"}'), verdict.champion.labelled)
  assert.equal(value('expected_ratio{arm="challenger"}'), 0.5)
  assert.equal(value('looks'), 1)
  assert.equal(value('z'), looks[0]!.z)
  assert.ok(value('z')! > value('boundary_z')!, 'the challenger costs more')
  assert.ok(value('sample_ratio_p_value')! > 0.001)
  assert.equal(value('guardrail_alarm{guardrail="block_rate"}') !== undefined, true)
  assert.equal(value('guardrail_alarm{guardrail="cost"}'), 1)
  assert.equal(value('actions_total{action="ramp"}'), 2)
})

test('nobody is assigned where the served versions are others', async () => {
  const value = await exposed(HEALTH, '3')
  assert.deepEqual([value('running'), value('assigning')], [1, 0])
})

test('no experiment, or one that was not evaluated yet, has no numbers', async () => {
  const none = await exposed({ ...HEALTH, running: () => undefined })
  assert.deepEqual([none('running'), none('assigning'), none('z')], [0, 0, undefined])
  const fresh = await exposed({ ...HEALTH, evaluated: () => undefined })
  assert.deepEqual([fresh('running'), fresh('looks')], [1, undefined])
})
