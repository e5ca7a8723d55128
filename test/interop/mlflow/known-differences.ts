import type { MlflowVersion } from './environments.ts'

/** Steps at which we answer otherwise than MLflow on purpose, and why. */
export interface KnownDifference {
  readonly scenario: string
  /** Every step whose name matches. */
  readonly steps: RegExp
  /** The same for a reader of docs/compatibility-mlflow.md. */
  readonly what: string
  readonly why: string
  /** The version that differs; all of them when absent. */
  readonly only?: MlflowVersion
}

const CLEARER = 'MLflow lets an error of its database or a 500 through, or says that nothing was found'
const LENIENT = 'MLflow refuses it, though its meaning is beyond doubt'
const STRICT = 'MLflow passes over what it cannot read and answers something else than was asked'
const EXACT = 'JavaScript cannot hold them exactly, so they are refused, not changed'
const NAN = 'this version takes NaN for 0; the newest does as we do'
const SAFE = 'nothing outside the artifact root is a source'
const OLD = 'the newest MLflow does as we do'
const FAULT = 'a fault of MLflow that is not copied'

/** All of them: what differs otherwise fails the suite, and so does an entry that no step shows any more. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    scenario: 'experiment_life',
    steps: /^renamed (to a taken name|when deleted)$/,
    what: 'renaming an experiment to a taken name, or a deleted one',
    why: CLEARER,
  },
  {
    scenario: 'experiment_errors',
    steps: /^(get '9{20}'|create run '')$/,
    what: 'experiment ids that are no ids',
    why: CLEARER,
  },
  {
    scenario: 'experiment_errors',
    steps: /^(rename 'z+'|tag value of 5001)$/,
    what: "an experiment's name of 501 characters, its tag of 5,001",
    why: OLD,
    only: '3.11.1',
  },
  {
    scenario: 'experiment_search',
    steps: /^filter "attr(ibutes)?\.name/,
    what: '`attributes.name` in a search of experiments',
    why: LENIENT,
  },
  {
    scenario: 'experiment_search',
    steps: /^token 'eyJvZmZzZXQiOiAtMX0='$/,
    what: "a page token that is not the server's",
    why: STRICT,
  },
  {
    scenario: 'experiment_search',
    steps: /^wrong filter "experiment_id (=|IN|NOT IN) [('].*/,
    what: '`experiment_id` in a search of experiments',
    why: OLD,
    only: '3.11.1',
  },
  {
    scenario: 'run_errors',
    steps: /^(step 9223372036854775807|timestamp 9007199254740992)$/,
    what: 'steps and times from 2^53',
    why: EXACT,
  },
  {
    scenario: 'metric_history',
    steps: /^NaN and a number, 2$/,
    what: 'NaN, a number and NaN again at one step',
    why: CLEARER,
    only: '3.11.1',
  },
  {
    scenario: 'metric_history',
    steps: /^of nobody$/,
    what: 'the metric history of an unknown run',
    why: 'an unknown run is an error, not an empty list',
  },
  {
    scenario: 'search_filters',
    steps: /^(metric|spelling) 'metrics\.auc/,
    what: 'NaN in comparisons of metrics',
    why: NAN,
    only: '3.11.1',
  },
  {
    scenario: 'search_filters',
    steps: /^spelling '( |metrics\.val\/loss < 0|metrics\.auc > \+0\.5)'$/,
    what: 'a filter of blanks, `metrics.val/loss`, `+0.5`',
    why: LENIENT,
  },
  {
    scenario: 'search_filters',
    steps: /^wrong/,
    what: '`AND` at an end, no `AND` between, keys without a name or in quotes, lists with a comma at their end',
    why: STRICT,
  },
  {
    scenario: 'search_order',
    steps: /^order (\['`Run Name` desc'|\[' run_name '\])/,
    what: '`Run Name` and blanks in an order',
    why: LENIENT,
  },
  {
    scenario: 'search_order',
    steps: /^wrong \['metrics\.'\]$/,
    what: 'an order by a metric without a name',
    why: STRICT,
  },
  {
    scenario: 'artifacts',
    steps: /^name ünï/,
    what: 'artifacts whose names are not ASCII',
    why: OLD,
    only: '3.11.1',
  },
  {
    scenario: 'large_artifact',
    steps: /^empty$/,
    what: 'the size of an empty artifact',
    why: 'MLflow leaves it out; it is 0',
  },
  {
    scenario: 'model_versions',
    steps: /^get '-1'$/,
    what: 'version numbers that are no numbers',
    why: CLEARER,
  },
  {
    scenario: 'model_versions',
    steps: /^stage$/,
    what: 'stages of model versions',
    why: 'they are refused with a message that names aliases',
  },
  {
    scenario: 'model_versions',
    steps: /^without a run$/,
    what: 'a version from `runs:/…` without a run',
    why: 'the run is read from the source',
  },
  {
    scenario: 'model_versions',
    steps: /^(alias of a deleted version|aliases after that|after renaming)$/,
    what: 'aliases of deleted versions',
    why: OLD,
    only: '3.11.1',
  },
  {
    scenario: 'version_sources',
    steps: /^source 'http/,
    what: '`http://…` as the source of a version',
    why: SAFE,
    only: '3.11.1',
  },
  {
    scenario: 'version_sources',
    steps: /^source 'models:/,
    what: 'an unknown model as the source of a version',
    why: CLEARER,
  },
  {
    scenario: 'version_sources',
    steps: /^source 'runs:/,
    what: 'an unknown run in the source of a version',
    why: 'it is taken as it stands, as 3.11 does',
    only: '3.17.2',
  },
  {
    scenario: 'registry_search',
    steps: /^wrong models 'tags\.team IS NULL'$/,
    what: '`IS NULL` in a search of models',
    why: LENIENT,
  },
  {
    scenario: 'registry_search',
    steps: /^models by \['attribute\.name'\]$/,
    what: '`attribute.name` in an order of models',
    why: LENIENT,
  },
  {
    scenario: 'registry_search',
    steps: /^whole model$/,
    what: 'aliases of the latest versions in a search of models',
    why: FAULT,
  },
  { scenario: 'registry_search', steps: /^size of models 0$/, what: 'a page of no models', why: STRICT },
  {
    scenario: 'registry_search',
    steps: /^versions "attributes\.run_id/,
    what: '`attributes.run_id` in a search of versions',
    why: LENIENT,
  },
  {
    scenario: 'registry_search',
    steps: /^wrong versions "version_number = '1'"$/,
    what: "a version's number in quotes in a search",
    why: STRICT,
  },
  {
    scenario: 'registry_search',
    steps: /^wrong (models|versions) "(name|run_id NOT) IN/,
    what: '`IN` for names, `NOT IN` for runs in searches of the registry',
    why: OLD,
    only: '3.11.1',
  },
  {
    scenario: 'logged_model_life',
    steps: /^param again$/,
    what: "a logged model's parameter logged again with the same value",
    why: 'it changes nothing, as for runs',
  },
  {
    scenario: 'logged_model_search',
    steps: /^(wrong "metrics\.auc = 'x'"|token of nonsense)$/,
    what: 'a text for a metric, a token of nonsense in a search of logged models',
    why: CLEARER,
  },
  {
    scenario: 'logged_model_search',
    steps: /^size -1$/,
    what: 'a page of less than no logged models',
    why: STRICT,
  },
  {
    scenario: 'our artifacts',
    steps: /^list $/,
    what: "an artifact's name with `%20` in it",
    why: 'MLflow lists it with a blank',
  },
  {
    scenario: 'our artifacts',
    steps: /^read (ünï|nothing)/,
    what: 'reading artifacts whose names are not ASCII or that are not there',
    why: OLD,
    only: '3.11.1',
  },
  {
    scenario: 'log_and_register',
    steps: /^(json|ubj), registrations$/,
    what: 'the tag that names the versions of a logged model',
    why: FAULT,
  },
]
