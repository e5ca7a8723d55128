import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import {
  MedianPruner,
  PatientPruner,
  PercentilePruner,
  type Pruner,
  SuccessiveHalvingPruner,
  WilcoxonPruner,
} from '../index.ts'
import type { Direction } from '../samplers/sampler.ts'
import { blankTrial, type TrialRecord } from '../study/trial.ts'

type Golden = number | 'nan' | 'inf' | '-inf'
type Report = readonly [step: number, value: Golden, pruned: 0 | 1]

interface History<Options> {
  readonly direction: Direction
  readonly options: Options
  readonly trials: readonly (readonly [
    state: 'COMPLETE' | 'PRUNED' | 'FAIL',
    value: Golden | null,
    reports: readonly Report[],
  ])[]
}

const numberOf = (value: Golden): number =>
  Number(typeof value === 'string' ? value.replace('inf', 'Infinity') : value)

/** Replays Optuna's studies, report by report, and counts decisions; the first that differs fails. */
function replay<Options>(
  file: string,
  prunerOf: (options: Options) => Pruner,
): { kept: number; pruned: number } {
  const histories: History<Options>[] = JSON.parse(
    readFileSync(`test/fixtures/tuning/pruner-${file}.json`, 'utf8'),
  )
  const counts = { kept: 0, pruned: 0 }
  histories.forEach(({ direction, options, trials }, index) => {
    const pruner = prunerOf(options)
    const study = { direction, studyName: 'golden', trials: [] as TrialRecord[] }
    for (const [state, value, reports] of trials) {
      const trial: TrialRecord = { ...blankTrial(study.trials.length), state: 'RUNNING' }
      study.trials.push(trial)
      for (const [step, reported, pruned] of reports) {
        trial.intermediateValues[step] = numberOf(reported)
        const decision = pruner.shouldPrune({ study, trial })
        // one that has seen nothing yet decides alike: what a pruner keeps only saves work
        assert.equal(prunerOf(options).shouldPrune({ study, trial }), decision)
        assert.equal(Number(decision), pruned, `history ${index}, trial ${trial.number}, step ${step}`)
        counts[decision ? 'pruned' : 'kept'] += 1
      }
      Object.assign(trial, { state, value: value === null ? null : numberOf(value) })
    }
  })
  return counts
}

/** Both decisions must occur often, or the histories say little. */
function isTelling({ kept, pruned }: { kept: number; pruned: number }): boolean {
  return kept > 300 && pruned > 300
}

test('PercentilePruner decides as Optuna in every case', () => {
  interface Options {
    readonly percentile: number
    readonly n_startup_trials: number
    readonly n_warmup_steps: number
    readonly interval_steps: number
    readonly n_min_trials: number
  }
  const counts = replay<Options>(
    'percentile',
    (o) =>
      new PercentilePruner(o.percentile, {
        nStartupTrials: o.n_startup_trials,
        nWarmupSteps: o.n_warmup_steps,
        intervalSteps: o.interval_steps,
        nMinTrials: o.n_min_trials,
      }),
  )
  assert.ok(isTelling(counts))
})

test('SuccessiveHalvingPruner decides as Optuna in every case', () => {
  interface Options {
    readonly min_resource: number | 'auto'
    readonly reduction_factor: number
    readonly min_early_stopping_rate: number
    readonly bootstrap_count: number
  }
  const counts = replay<Options>(
    'successive-halving',
    (o) =>
      new SuccessiveHalvingPruner({
        minResource: o.min_resource,
        reductionFactor: o.reduction_factor,
        minEarlyStoppingRate: o.min_early_stopping_rate,
        bootstrapCount: o.bootstrap_count,
      }),
  )
  assert.ok(isTelling(counts))
})

test('WilcoxonPruner decides as Optuna in every case', () => {
  const counts = replay<{ readonly p_threshold: number; readonly n_startup_steps: number }>(
    'wilcoxon',
    (o) => new WilcoxonPruner({ pThreshold: o.p_threshold, nStartupSteps: o.n_startup_steps }),
  )
  assert.ok(isTelling(counts))
})

test('PatientPruner decides as Optuna in every case', () => {
  interface Options {
    readonly wrapped: 'median' | null
    readonly patience: number
    readonly min_delta: number
  }
  const counts = replay<Options>('patient', ({ wrapped, patience, min_delta }) => {
    const median = wrapped === null ? null : new MedianPruner({ nStartupTrials: 1 })
    return new PatientPruner(median, patience, min_delta)
  })
  assert.ok(isTelling(counts))
})
