import type { Generated } from 'kysely'
import type { AliasAction } from '../protocol/fds-endpoints.ts'

/** The tables of the tracking database, as `migrations.ts` makes them. Times are milliseconds since 1970. */
export interface Tables {
  experiments: ExperimentTable
  experiment_tags: PairRow
  runs: RunTable
  run_tags: PairRow
  run_params: PairRow
  metrics: MetricTable
  latest_metrics: MetricTable
  datasets: DatasetTable
  run_datasets: { run: number; dataset: number }
  run_dataset_tags: { run: number; dataset: number; key: string; value: string }
  run_models: { run: number; role: 'input' | 'output'; model_id: string; step: number }
  logged_models: LoggedModelTable
  logged_model_params: PairRow
  logged_model_tags: PairRow
  logged_model_metrics: LoggedModelMetricTable
  registered_models: RegisteredModelTable
  registered_model_tags: PairRow
  model_versions: ModelVersionTable
  model_version_tags: PairRow
  /** `version` is the id of the row in `model_versions`, not its number. */
  aliases: { model: number; alias: string; version: number }
  alias_moves: AliasMoveTable
  studies: StudyTable
  study_operations: { study: number; sequence: number; worker: number; time: number; operation: string }
  study_workers: { study: number; worker: number; last_seen: number }
}

/** A tag or parameter of the row `owner` of the table above. */
export interface PairRow {
  owner: number
  key: string
  value: string
}

export type PairTable =
  | 'experiment_tags'
  | 'run_tags'
  | 'run_params'
  | 'logged_model_params'
  | 'logged_model_tags'
  | 'registered_model_tags'
  | 'model_version_tags'

export type LifecycleStage = 'active' | 'deleted'

interface ExperimentTable {
  id: Generated<number>
  name: string
  artifact_location: string
  lifecycle_stage: LifecycleStage
  creation_time: number
  last_update_time: number
}

interface RunTable {
  /** What other tables point to; `run_id` is what the world knows. */
  id: Generated<number>
  run_id: string
  experiment: number
  name: string
  user_id: string
  status: string
  start_time: number
  end_time: number | null
  artifact_uri: string
  lifecycle_stage: LifecycleStage
}

/** NaN is value 0 with `is_nan` 1; the infinities are the largest doubles (MLflow's `sanitize_metric_value`). */
interface MetricTable {
  run: number
  key: string
  timestamp: number
  step: number
  value: number
  is_nan: number
}

interface DatasetTable {
  id: Generated<number>
  experiment: number
  name: string
  digest: string
  source_type: string
  source: string
  schema: string | null
  profile: string | null
}

interface LoggedModelTable {
  id: Generated<number>
  model_id: string
  experiment: number
  name: string
  artifact_uri: string
  creation_time: number
  last_update_time: number
  status: string
  lifecycle_stage: LifecycleStage
  model_type: string | null
  source_run_id: string | null
}

interface LoggedModelMetricTable {
  model: number
  run_id: string
  key: string
  timestamp: number
  step: number
  value: number
  is_nan: number
  dataset_name: string
  dataset_digest: string
}

interface RegisteredModelTable {
  id: Generated<number>
  name: string
  description: string | null
  creation_time: number
  last_update_time: number
}

interface ModelVersionTable {
  id: Generated<number>
  model: number
  version: number
  creation_time: number
  last_update_time: number
  description: string | null
  user_id: string | null
  source: string
  /** Where the files lie, with `runs:` and `models:` resolved. */
  storage_location: string
  run_id: string | null
  run_link: string | null
  model_id: string | null
  /** A deleted version keeps its row, so that its number is never given again. */
  lifecycle_stage: LifecycleStage
}

/** The audit log of aliases; the database refuses to change or remove an entry. */
interface AliasMoveTable {
  /** Grows with each entry. */
  id: Generated<number>
  /** The row of the model, which may be gone. */
  model: number
  /** The model's name at that time. */
  name: string
  /** Null for the end of the model. */
  alias: string | null
  from_version: number | null
  to_version: number | null
  action: AliasAction
  actor: string | null
  reason: string | null
  time: number
}

interface StudyTable {
  id: Generated<number>
  name: string
  last_sequence: number
  last_worker: number
}
