/**
 * Every error the system raises on purpose: its code, its HTTP status, its message.
 * A message gives the condition that must hold, then what came, then where to look.
 * `docs/errors.md` is made from this table (`npm run docs:errors`) and a test keeps the two equal.
 */
export const ERRORS = {
  // data: files and tables
  FILE_NOT_FOUND: {
    status: 400,
    message: (d: { file: string }) => `No such file: ${d.file}`,
  },
  FILE_FORMAT_UNKNOWN: {
    status: 400,
    message: (d: { file: string }) => `A data file must end in .csv, .csv.gz or .parquet, got ${d.file}`,
  },
  FILE_EMPTY: {
    status: 400,
    message: (d: { file: string }) => `The file must hold a header and at least one row, got ${d.file}`,
  },
  FILE_UNREADABLE: {
    status: 400,
    message: (d: { file: string; reason: string }) => `Cannot read ${d.file}: ${d.reason}`,
  },
  FILE_TOO_LARGE: {
    status: 400,
    message: (d: { file: string; neededGiB: number; memoryGiB: number }) =>
      `A table must fit into 70 % of the memory (${d.memoryGiB} GiB), got ${d.file}, which needs about ${d.neededGiB} GiB; choose fewer columns or read it in batches`,
  },
  CELL_INVALID: {
    status: 400,
    message: (d: { file: string; row: number; column: string; expected: string; got: string }) =>
      `${d.file}, row ${d.row}, column "${d.column}": must be ${d.expected}, got ${d.got}`,
  },
  ROW_INVALID: {
    status: 400,
    message: (d: { file: string; row: number; reason: string }) => `${d.file}, row ${d.row}: ${d.reason}`,
  },
  COLUMN_DUPLICATE: {
    status: 400,
    message: (d: { file: string; column: string }) =>
      `Column names must differ, got "${d.column}" more than once in ${d.file}`,
  },
  COLUMN_MISSING: {
    status: 400,
    message: (d: { column: string; known: readonly string[] }) =>
      `No column "${d.column}"; the columns are ${listed(d.known)}`,
  },
  COLUMN_TYPE_INVALID: {
    status: 400,
    message: (d: { column: string; expected: string; got: string }) =>
      `Column "${d.column}" must be ${d.expected}, got ${d.got}`,
  },
  LABEL_INVALID: {
    status: 400,
    message: (d: { column: string; row: number; got: string }) =>
      `The label "${d.column}" must be 0 or 1 in every row, got ${d.got} in row ${d.row}`,
  },
  LABEL_ONE_CLASS: {
    status: 400,
    message: (d: { column: string; value: number; rows: number; where?: string | undefined }) =>
      `The label "${d.column}" must hold both classes, got only ${d.value} in ${d.rows} rows${d.where ? `, ${d.where}` : ''}`,
  },
  ROWS_TOO_FEW: {
    status: 400,
    message: (d: { needed: number; got: number; what: string }) =>
      `${d.what} must have at least ${d.needed} rows, got ${d.got}`,
  },

  // features
  FEATURES_MISMATCH: {
    status: 422,
    message: (d: { expected: number; got: number; missing: readonly string[]; unknown: readonly string[] }) =>
      `The model expects ${d.expected} columns, got ${d.got}` +
      (d.missing.length > 0 ? `; missing: ${listed(d.missing)}` : '') +
      (d.unknown.length > 0 ? `; unknown: ${listed(d.unknown)}` : ''),
  },
  FEATURE_SPEC_INVALID: {
    status: 400,
    message: (d: { reason: string }) => `The feature specification is not valid: ${d.reason}`,
  },
  TRANSACTION_INVALID: {
    status: 400,
    message: (d: { field: string; expected: string; got: string }) =>
      `Field "${d.field}" must be ${d.expected}, got ${d.got}`,
  },

  // model
  PARAM_UNKNOWN: {
    status: 400,
    message: (d: { name: string; known: readonly string[] }) =>
      `No parameter "${d.name}"; the parameters are ${d.known.join(', ')}`,
  },
  PARAM_INVALID: {
    status: 400,
    message: (d: { name: string; expected: string; got: string }) =>
      `Parameter "${d.name}" must be ${d.expected}, got ${d.got}`,
  },
  KERNELS_MISSING: {
    status: 500,
    message: (_: Record<never, never>) =>
      'src/model/kernels/kernels.wasm must have been made by `npm ci`, got no such file; make it with `npm run kernels`',
  },
  MODEL_TOO_LARGE: {
    status: 400,
    message: (d: { nodesMax: number; iteration: number }) =>
      `A model must have at most ${d.nodesMax} nodes in all its trees, got more in iteration ${d.iteration}; take fewer trees (n_estimators) or smaller ones (max_depth, max_leaves)`,
  },
  MEMORY_TOO_SMALL: {
    status: 400,
    message: (d: { what: string; neededGiB: number; limitGiB: number }) =>
      `${d.what} must fit into the memory (at most ${d.limitGiB} GiB), got ${d.neededGiB} GiB; take fewer rows or columns`,
  },
  TRAINING_DATA_INVALID: {
    status: 400,
    message: (d: { reason: string }) => `Training data are not valid: ${d.reason}`,
  },
  MODEL_FILE_INVALID: {
    status: 400,
    message: (d: { reason: string }) => `The model file is not valid: ${d.reason}`,
  },
  MODEL_UNSUPPORTED: {
    status: 400,
    message: (d: { what: string; got: string; supported: readonly string[] }) =>
      `${d.what} must be one of ${d.supported.join(', ')}, got ${d.got}`,
  },

  // decision and evaluation
  SCORES_INVALID: {
    status: 400,
    message: (d: { reason: string }) => `Scores and labels are not valid: ${d.reason}`,
  },
  POLICY_INVALID: {
    status: 400,
    message: (d: { reason: string }) => `The policy is not valid: ${d.reason}`,
  },

  // tuning
  DISTRIBUTION_INVALID: {
    status: 400,
    message: (d: { name: string; condition: string; got: string }) =>
      `Parameter "${d.name}": ${d.condition}, but got ${d.got}`,
  },
  DISTRIBUTION_CHANGED: {
    status: 400,
    message: (d: { name: string; reason: string }) =>
      `Parameter "${d.name}" must stay the same kind through a study: ${d.reason}`,
  },
  STUDY_EMPTY: {
    status: 409,
    message: (d: { trials: number }) =>
      `A study must have a completed trial before it has a best one, got ${d.trials} trials and none complete`,
  },
  STUDY_STATE_INVALID: {
    status: 409,
    message: (d: { reason: string }) => d.reason,
  },
  TRIALS_FAILED: {
    status: 422,
    message: (d: { trials: number; reason: string }) =>
      `No trial of ${d.trials} gave a value; the first failed because ${d.reason}`,
  },
  TUNING_STOPPED: {
    status: 409,
    message: (d: { study: string; done: number; trials: number; best: string }) =>
      `Stopped after ${d.done} of ${d.trials} trials, ${d.best}; the study is run ${d.study}, no model was trained`,
  },

  // monitoring
  PROFILE_INVALID: {
    status: 400,
    message: (d: { reason: string }) => `The reference profile is not valid: ${d.reason}`,
  },
  PROFILE_MISSING: {
    status: 404,
    message: (d: { model: string }) =>
      `The model ${d.model} keeps no profile of its training data; name a reference file instead`,
  },
  NO_COMMON_COLUMNS: {
    status: 400,
    message: (d: { reference: readonly string[]; current: readonly string[] }) =>
      `Reference and current data must share a column; the reference has ${listed(d.reference)}; the current data have ${d.current.length === 0 ? 'none of them' : listed(d.current)}`,
  },
  ALERT_FAILED: {
    status: 502,
    message: (d: { channel: string; reason: string }) =>
      `The alert must reach ${d.channel}, got ${d.reason}; the verdict stands`,
  },

  // serving and the machine
  CONFIG_INVALID: {
    status: 400,
    message: (d: { name: string; expected: string; got: string }) =>
      `Setting ${d.name} must be ${d.expected}, got ${d.got}`,
  },
  REQUEST_INVALID: {
    status: 400,
    message: (d: { reason: string }) => `The request is not valid: ${d.reason}`,
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    message: (d: { limitBytes: number }) => `The body must be at most ${d.limitBytes} bytes`,
  },
  BATCH_TOO_LONG: {
    status: 413,
    message: (d: { limit: number; got: number }) => `A batch must have at most ${d.limit} rows, got ${d.got}`,
  },
  BATCH_ROW_INVALID: {
    status: 400,
    message: (d: { row: number; code: string; reason: string }) =>
      `Row ${d.row} of the batch, the first being 0: ${d.reason}; nothing of the batch was stored`,
  },
  CONTENT_TYPE_UNSUPPORTED: {
    status: 415,
    message: (d: { expected: readonly string[]; got: string }) =>
      `The content type must be ${d.expected.join(' or ')}, got ${d.got}`,
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    message: (d: { method: string; path: string; allowed: readonly string[] }) =>
      `${d.path} takes ${d.allowed.join(', ')}, got ${d.method}; see /docs`,
  },
  HOST_NOT_ALLOWED: {
    status: 403,
    message: (d: { header: string; got: string }) =>
      `A server on a loopback address answers its own names alone (localhost, 127.0.0.1, [::1]), got ${d.header} ${d.got}`,
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    message: (d: { method: string; path: string }) => `No route ${d.method} ${d.path}; see /docs`,
  },
  UNAUTHORIZED: {
    status: 401,
    message: (_: Record<string, never>) =>
      'This call needs a credential that allows it: an API key (FDS_API_KEY) in the header "X-API-Key", or a user by HTTP basic',
  },
  FORBIDDEN: {
    status: 403,
    message: (_: Record<string, never>) =>
      'This call changes state, and the credential that came may only read',
  },
  LOGINS_TOO_MANY: {
    status: 429,
    message: (_: Record<string, never>) =>
      'Too many passwords are being checked at once; try again in a second',
  },
  NO_CHAMPION: {
    status: 503,
    message: (d: { name: string }) =>
      `No model is served: registered model "${d.name}" has no alias "champion"; run "fds train --register ${d.name} --alias champion"`,
  },
  MODEL_UNAVAILABLE: {
    status: 503,
    message: (d: { name: string; alias: string; reason: string }) =>
      `The ${d.alias} of "${d.name}" cannot be loaded: ${d.reason}`,
  },
  MODEL_FAILED: {
    status: 503,
    message: (d: { name: string }) =>
      `A model of "${d.name}" must score the transaction, got none that could; the server's log says why`,
  },
  OVERLOADED: {
    status: 503,
    message: (_: Record<string, never>) => 'More requests came than can be decided in time; try again soon',
  },
  RATE_LIMITED: {
    status: 429,
    message: (d: { perSecond: number; retryAfterSeconds: number }) =>
      `One client may send ${d.perSecond} requests a second, got more; wait as long as Retry-After says`,
  },
  DECISION_NOT_FOUND: {
    status: 404,
    message: (d: { transactionId: string }) => `No decision for transaction "${d.transactionId}"`,
  },
  DAY_NOT_EXPORTED: {
    status: 409,
    message: (d: { day: string; decisions: number; exported: number }) =>
      `The ${d.decisions} decisions of ${d.day} must be exported before they are deleted, got ${d.exported} in its last export; run fds decisions export, or say --unexported`,
  },
  MODEL_NOT_FOUND: {
    status: 404,
    message: (d: { uri: string; reason: string }) => `No model at ${d.uri}: ${d.reason}`,
  },
  STORAGE_FAILED: {
    status: 503,
    message: (d: { what: string; reason: string }) => `Cannot read or write ${d.what}: ${d.reason}`,
  },
  PORT_IN_USE: {
    status: 503,
    message: (d: { host: string; port: number }) =>
      `Port ${d.port} on ${d.host} is taken by another program; choose one with --port`,
  },
  ADDRESS_UNUSABLE: {
    status: 400,
    message: (d: { host: string; port: number; reason: string }) =>
      `Cannot listen on ${d.host} port ${d.port}: ${d.reason}`,
  },
  WORKERS_FAILED: {
    status: 503,
    message: (d: { reason: string }) => `The workers must start, got ${d.reason}`,
  },
  HOME_IN_USE: {
    status: 503,
    message: (d: { home: string }) =>
      `Another server already runs on the home ${d.home}; choose one with --home`,
  },

  // tracking and registry, from the client's side
  TRACKING_FAILED: {
    status: 502,
    message: (d: { method: string; path: string; status: number; errorCode: string; message: string }) =>
      `Tracking server answered ${d.status} ${d.errorCode} to ${d.method} ${d.path}: ${d.message}`,
  },
  TRACKING_UNREACHABLE: {
    status: 502,
    message: (d: { uri: string; reason: string }) =>
      `Cannot reach the tracking server at ${d.uri}: ${d.reason}`,
  },
  LOGGING_INCOMPLETE: {
    status: 502,
    message: (d: { runId: string; lost: number; waiting: number; reason: string }) =>
      `Logging to run ${d.runId} is incomplete (${d.lost} entries lost, ${d.waiting} waiting): ${d.reason}`,
  },
  TRACKING_REFUSED: {
    status: 400,
    message: (d: { errorCode: string; message: string }) => d.message,
  },

  CHAMPION_MOVED: {
    status: 409,
    message: (d: { name: string; expected: string; got: string }) =>
      `The champion of "${d.name}" must be ${d.expected}, as it was seen, got ${d.got}; look again before moving it`,
  },
  CHAMPION_PROTECTED: {
    status: 409,
    message: (d: { name: string; version: string }) =>
      `Version ${d.version} of "${d.name}" is the champion, which decides; promote another version first, or say --force`,
  },
  EXPERIMENT_NOT_FOUND: {
    status: 404,
    message: (d: { experiment: string; known: readonly string[] }) =>
      `No experiment "${d.experiment}"; the experiments are ${listed(d.known)}`,
  },
  NO_CHALLENGER: {
    status: 409,
    message: (d: { name: string }) =>
      `An A/B test needs a challenger: registered model "${d.name}" must have the aliases champion and challenger on two versions; run "fds train --register ${d.name} --alias challenger"`,
  },
  AB_TEST_RUNNING: {
    status: 409,
    message: (d: { name: string }) =>
      `One A/B test of a model runs at a time, and one of "${d.name}" is running; stop it, promote or roll back first`,
  },
  AB_TEST_NOT_RUNNING: {
    status: 409,
    message: (d: { name: string }) => `An A/B test of "${d.name}" must be running, got none; start one first`,
  },
  AB_TEST_MOVED: {
    status: 409,
    message: (d: { experiment: string }) =>
      `The A/B test ${d.experiment} must be as it was seen, but another call has changed it meanwhile; look again`,
  },
  PROMOTION_REFUSED: {
    status: 409,
    message: (d: { name: string; gates: readonly string[] }) =>
      `The challenger of "${d.name}" must pass every gate, and does not: ${d.gates.join('; ')}; force it with a reason if you must`,
  },
  HISTORY_UNAVAILABLE: {
    status: 501,
    message: (d: { uri: string }) =>
      `The tracking server must keep an audit log of its aliases, got ${d.uri}, which does not, as MLflow's own server`,
  },

  // pipeline and command line
  USAGE: {
    status: 400,
    message: (d: { reason: string }) => d.reason,
  },
  NOTHING_TO_ROLL_BACK: {
    status: 409,
    message: (d: { name: string }) =>
      `Registered model "${d.name}" must have had another champion that still exists, got none, so there is nothing to roll back to`,
  },
} as const

/** Names for a message: the first ten, and how many more. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ')
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown
}
