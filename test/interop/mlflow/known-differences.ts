import type { MlflowVersion } from './environments.ts'

/** A step at which we answer otherwise than MLflow on purpose, and why. */
export interface KnownDifference {
  readonly scenario: string
  /** Every step whose name matches. */
  readonly steps: RegExp
  readonly why: string
  /** The versions that differ; all of them when absent. */
  readonly only?: MlflowVersion
}

const CLEARER = 'MLflow lets an error of its database or a 500 through; bad input has a code of its own here'
const LENIENT = 'MLflow refuses a spelling whose meaning is beyond doubt'
const STRICT = 'MLflow passes over what it cannot read and answers something else than was asked'
const EXACT = 'numbers that JavaScript cannot hold exactly are refused, not changed'
const NAN = 'this version takes NaN for 0 in comparisons'
const SAFE = 'nothing outside the artifact root is a source'
const OLD = 'the newest version answers as we do'
const FAULT = 'a fault of MLflow that is not copied'

/** All of them: what differs otherwise fails the suite, and so does an entry that no longer differs. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  { scenario: 'experiment_life', steps: /^renamed (to a taken name|when deleted)$/, why: CLEARER },
  { scenario: 'experiment_errors', steps: /^(get '9{20}'|create run '')$/, why: CLEARER },
  { scenario: 'experiment_errors', steps: /^(rename 'z+'|tag value of 5001)$/, why: OLD, only: '3.11.1' },
  { scenario: 'experiment_search', steps: /^filter "attr(ibutes)?\.name/, why: LENIENT },
  { scenario: 'experiment_search', steps: /^token 'eyJvZmZzZXQiOiAtMX0='$/, why: STRICT },
  {
    scenario: 'experiment_search',
    steps: /^wrong filter "experiment_id (=|IN|NOT IN) [('].*/,
    why: OLD,
    only: '3.11.1',
  },
  { scenario: 'run_errors', steps: /^(step 9223372036854775807|timestamp 9007199254740992)$/, why: EXACT },
  { scenario: 'metric_history', steps: /^NaN and a number, 2$/, why: CLEARER, only: '3.11.1' },
  {
    scenario: 'metric_history',
    steps: /^of nobody$/,
    why: 'no run of that id is an error, not an empty list',
  },
  { scenario: 'search_filters', steps: /^metric 'metrics\.auc/, why: NAN, only: '3.11.1' },
  { scenario: 'search_filters', steps: /^spelling 'metrics\.auc > -1\.5e-3'$/, why: NAN, only: '3.11.1' },
  {
    scenario: 'search_filters',
    steps: /^spelling '( |metrics\.val\/loss < 0|metrics\.auc > \+0\.5)'$/,
    why: LENIENT,
  },
  { scenario: 'search_filters', steps: /^wrong/, why: STRICT },
  { scenario: 'search_order', steps: /^order (\['`Run Name` desc'|\[' run_name '\])/, why: LENIENT },
  { scenario: 'search_order', steps: /^wrong \['metrics\.'\]$/, why: STRICT },
  { scenario: 'artifacts', steps: /^name ünï/, why: OLD, only: '3.11.1' },
  { scenario: 'large_artifact', steps: /^empty$/, why: 'MLflow leaves out the size of an empty file' },
  { scenario: 'model_versions', steps: /^get '-1'$/, why: 'what is no number is named so' },
  {
    scenario: 'model_versions',
    steps: /^stage$/,
    why: 'stages are refused with a message that names aliases',
  },
  { scenario: 'model_versions', steps: /^without a run$/, why: 'the run is read from the source' },
  {
    scenario: 'model_versions',
    steps: /^(alias of a deleted version|aliases after that|after renaming)$/,
    why: 'an alias outlives its version in this version',
    only: '3.11.1',
  },
  { scenario: 'version_sources', steps: /^source 'http/, why: SAFE, only: '3.11.1' },
  { scenario: 'version_sources', steps: /^source 'models:/, why: CLEARER },
  {
    scenario: 'version_sources',
    steps: /^source 'runs:/,
    why: 'taken as it stands, as 3.11 does',
    only: '3.17.2',
  },
  { scenario: 'registry_search', steps: /^wrong models 'tags\.team IS NULL'$/, why: LENIENT },
  { scenario: 'registry_search', steps: /^models by \['attribute\.name'\]$/, why: LENIENT },
  { scenario: 'registry_search', steps: /^whole model$/, why: FAULT },
  { scenario: 'registry_search', steps: /^size of models 0$/, why: STRICT },
  { scenario: 'registry_search', steps: /^versions "attributes\.run_id/, why: LENIENT },
  { scenario: 'registry_search', steps: /^wrong versions "version_number = '1'"$/, why: STRICT },
  {
    scenario: 'registry_search',
    steps: /^wrong (models|versions) "(name|run_id NOT) IN/,
    why: OLD,
    only: '3.11.1',
  },
  { scenario: 'logged_model_life', steps: /^param again$/, why: 'the same parameter again is no change' },
  {
    scenario: 'logged_model_search',
    steps: /^(wrong "metrics\.auc = 'x'"|token of nonsense)$/,
    why: CLEARER,
  },
  { scenario: 'logged_model_search', steps: /^size -1$/, why: STRICT },
  { scenario: 'our artifacts', steps: /^list $/, why: 'MLflow lists per%20cent.txt as per cent.txt' },
  { scenario: 'our artifacts', steps: /^read (ünï|nothing)/, why: OLD, only: '3.11.1' },
  { scenario: 'log_and_register', steps: /^(json|ubj), registrations$/, why: FAULT },
]
