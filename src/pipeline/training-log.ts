import {
  type Booster,
  type BoosterParams,
  type CustomMetric,
  type ImportanceKind,
  type IterationEvent,
  importancePlot,
  paramsToXgboost,
} from '../model/index.ts'
import type { DatasetInput, RunLogger } from '../tracking/index.ts'

export interface TrainingStart {
  readonly params: BoosterParams
  readonly customMetrics?: readonly CustomMetric[]
  readonly datasets: readonly DatasetInput[]
}

export interface TrainingLogOptions {
  /** A logged model that the metrics belong to. */
  readonly modelId?: string
  /** Kinds of importance to log, in XGBoost's names; default `weight` alone, as MLflow. */
  readonly importanceTypes?: readonly ImportanceKind[]
}

/** Takes the course of one training, as it happens or afterwards. */
export interface TrainingLog {
  start(training: TrainingStart): void
  /** `timestamp` defaults to the time of the call. */
  iteration(event: Pick<IterationEvent, 'iteration' | 'evals'>, timestamp?: number): void
  end(booster: Booster): void
}

/**
 * Logs a training under the names that `mlflow.xgboost.autolog` gives it: parameters, data sets, metrics by iteration
 * (`<set>-<metric>`), after early stopping `stopped_iteration`, `best_iteration` and the best iteration's metrics once
 * more one step behind the last, and importance as JSON and as a picture (SVG; MLflow's is PNG).
 */
export function openTrainingLog(logger: RunLogger, options: TrainingLogOptions = {}): TrainingLog {
  const { importanceTypes = ['weight'] } = options
  const model = options.modelId === undefined ? {} : { modelId: options.modelId }
  const iterations = new Map<number, Record<string, number>>()
  return {
    start: ({ params, customMetrics = [], datasets }) => {
      logger.logParams(paramsOf(params, customMetrics))
      if (datasets.length > 0) logger.add((client) => client.logInputs(logger.runId, datasets))
    },
    iteration: ({ iteration, evals }, timestamp) => {
      const metrics = metricsOf(evals)
      iterations.set(iteration, metrics)
      logger.logMetrics(metrics, { step: iteration, ...model, ...(timestamp !== undefined && { timestamp }) })
    },
    end: (booster) => {
      const { bestIteration } = booster
      const last = Math.max(...iterations.keys())
      if (bestIteration !== undefined) {
        logger.logMetrics({ stopped_iteration: last, best_iteration: bestIteration }, model)
        logger.logMetrics(iterations.get(bestIteration) ?? {}, { step: last + 1, ...model })
      }
      for (const kind of importanceTypes) logImportance(logger, booster, kind)
    },
  }
}

/** A training that has ended, by what its booster remembers. */
export function logTraining(log: TrainingLog, training: TrainingStart & { readonly booster: Booster }): void {
  log.start(training)
  const { evalHistory } = training.booster
  const rounds = Object.values(evalHistory).flatMap((metrics) =>
    Object.values(metrics).map((values) => values.length),
  )
  for (let iteration = 0; iteration < Math.max(0, ...rounds); iteration++) {
    const at = (values: readonly number[]): number => values[iteration]!
    log.iteration({
      iteration,
      evals: mapValues(evalHistory, (metrics) => mapValues(metrics, at)),
    })
  }
  log.end(training.booster)
}

/** XGBoost's parameters, and the arguments of `xgboost.train` that MLflow logs beside them, in Python's spelling. */
function paramsOf(
  params: BoosterParams,
  customMetrics: readonly CustomMetric[],
): Record<string, string | number> {
  const custom = customMetrics.map((metric) => metric.name)
  return {
    num_boost_round: params.nEstimators,
    early_stopping_rounds: 'None',
    custom_metric: custom.length === 0 ? 'None' : custom.join(','),
    maximize: 'None',
    verbose_eval: 'False',
    ...paramsToXgboost(params),
  }
}

function metricsOf(evals: IterationEvent['evals']): Record<string, number> {
  const entries = Object.entries(evals).flatMap(([set, metrics]) =>
    // no MLflow name has an @, which XGBoost's ranking metrics have
    Object.entries(metrics).map(([metric, value]) => [`${set}-${metric.replaceAll('@', '_at_')}`, value]),
  )
  return Object.fromEntries(entries)
}

function logImportance(logger: RunLogger, booster: Booster, kind: ImportanceKind): void {
  const path = `feature_importance_${kind}`
  logger.logArtifact({ path: `${path}.json`, data: JSON.stringify(booster.importance(kind)) })
  logger.logArtifact({ path: `${path}.svg`, data: importancePlot(booster, { kind }) })
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, change: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
