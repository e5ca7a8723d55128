import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assign } from '../../monitoring/experiments/assign.ts'
import { fixtureModel } from '../models/model.fixture.ts'
import { type AssignmentRule, createArmChooser } from './choose-arm.ts'
import { servedModel, servedModels } from './served-models.fixture.ts'

const { files } = fixtureModel()
const CHAMPION = servedModel('champion', '1', files)
const CHALLENGER = servedModel('challenger', '2', files)
const BOTH = { champion: CHAMPION, challenger: CHALLENGER }
const RULE: AssignmentRule = {
  id: 'e-1',
  modelName: 'fraud_detector',
  championVersion: '1',
  challengerVersion: '2',
  mode: 'ab',
  trafficSplit: 0.3,
  coverage: 0.6,
}
const ENTITIES = Array.from({ length: 2000 }, (_, i) => `card-${i}`)

test('chooses as assign does, entity by entity', () => {
  const choose = createArmChooser({ models: servedModels(BOTH), current: () => RULE })
  for (const entity of ENTITIES) {
    const { arm, included } = assign({ experiment: 'e-1', entity, trafficSplit: 0.3, coverage: 0.6 })
    const { deciding, shadow, experiment } = choose(entity)
    assert.deepEqual(
      [deciding.arm, shadow?.arm, experiment],
      [arm, arm === 'champion' ? 'challenger' : 'champion', included ? 'e-1' : null],
    )
  }
})

test('a ramp brings entities in and moves none', () => {
  let rule = { ...RULE, coverage: 0 }
  const choose = createArmChooser({ models: servedModels(BOTH), current: () => rule })
  const placed = new Map<string, string>()
  for (const coverage of [0, 0.01, 0.05, 0.25, 0.5, 1]) {
    rule = { ...rule, coverage }
    for (const entity of ENTITIES) {
      const { deciding, experiment } = choose(entity)
      if (placed.has(entity)) assert.equal(deciding.arm, placed.get(entity))
      if (experiment) placed.set(entity, deciding.arm)
    }
  }
  assert.equal(placed.size, ENTITIES.length)
})

test('without a running experiment the champion decides and the challenger is the shadow', () => {
  const choose = createArmChooser({ models: servedModels(BOTH), current: () => undefined })
  assert.deepEqual(choose('card-1'), { deciding: CHAMPION, shadow: CHALLENGER, experiment: null })
})

test('the kill switch works from the next call on', () => {
  let rule: AssignmentRule | undefined = { ...RULE, trafficSplit: 1, coverage: 1 }
  const choose = createArmChooser({ models: servedModels(BOTH), current: () => rule })
  assert.equal(choose('card-1').deciding, CHALLENGER)
  rule = undefined
  assert.equal(choose('card-1').deciding, CHAMPION)
})

test('versions that the experiment does not compare stop the assignment', () => {
  const rule = { ...RULE, trafficSplit: 1, coverage: 1 }
  const moved = [
    { champion: servedModel('champion', '3', files), challenger: CHALLENGER },
    { champion: CHAMPION, challenger: servedModel('challenger', '3', files) },
    { champion: CHAMPION },
  ]
  for (const models of moved) {
    const choose = createArmChooser({ models: servedModels(models), current: () => rule })
    const { deciding, experiment } = choose('card-1')
    assert.deepEqual([deciding, experiment], [models.champion, null])
  }
  const other = createArmChooser({
    models: servedModels(BOTH),
    current: () => ({ ...rule, modelName: 'another' }),
  })
  assert.equal(other('card-1').experiment, null)
})

test('in shadow mode the champion decides and the experiment is stored', () => {
  const rule: AssignmentRule = { ...RULE, mode: 'shadow', trafficSplit: 1, coverage: 1 }
  const choose = createArmChooser({ models: servedModels(BOTH), current: () => rule })
  assert.deepEqual(choose('card-1'), { deciding: CHAMPION, shadow: CHALLENGER, experiment: 'e-1' })
})

test('no champion is no choice', () => {
  const choose = createArmChooser({ models: servedModels({}), current: () => RULE })
  assert.throws(() => choose('card-1'), { code: 'NO_CHAMPION' })
})
