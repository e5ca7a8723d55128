/** What an evaluation set is measured by, in XGBoost's names. `auc` and `aucpr` rise, the others fall. */
export type EvalMetric = 'auc' | 'aucpr' | 'logloss' | 'error'

/** How a tree grows: level by level, or the leaf with the largest gain first. */
export type GrowPolicy = 'depthwise' | 'lossguide'

/** Training parameters: XGBoost's meanings in our case. `parseParams` reads XGBoost's own names. */
export interface BoosterParams {
  readonly objective: 'binary:logistic'
  readonly nEstimators: number
  readonly maxDepth: number
  readonly maxLeaves: number
  readonly growPolicy: GrowPolicy
  readonly learningRate: number
  readonly minChildWeight: number
  readonly gamma: number
  readonly regLambda: number
  readonly regAlpha: number
  readonly maxDeltaStep: number
  readonly subsample: number
  readonly colsampleBytree: number
  readonly colsampleBylevel: number
  readonly colsampleBynode: number
  readonly scalePosWeight: number
  readonly maxBin: number
  /** Probability before the first tree; estimated from the labels when absent. */
  readonly baseScore?: number
  readonly seed: number
  readonly earlyStoppingRounds?: number
  /** With several, early stopping watches the last. */
  readonly evalMetric: EvalMetric | readonly EvalMetric[]
  /** One of -1, 0, 1 for each feature, in order; features beyond the list are free. */
  readonly monotoneConstraints: readonly number[]
  readonly nJobs: number
}

/** What a value must be. Bounds: `from` and `to` belong to the range, `above` and `below` do not. */
export type ParamRule =
  | {
      readonly kind: 'number' | 'integer'
      readonly from?: number
      readonly to?: number
      readonly above?: number
      readonly below?: number
    }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'signs' }

export interface ParamSpec {
  /** XGBoost's name. */
  readonly name: string
  readonly aliases?: readonly string[]
  readonly rule: ParamRule
  /** Absent: the parameter has no value unless given. */
  readonly default?: unknown
  readonly doc: string
}

const UNIT_SHARE: ParamRule = { kind: 'number', above: 0, to: 1 }
const NOT_NEGATIVE: ParamRule = { kind: 'number', from: 0 }
const INT32_MAX = 2 ** 31 - 1

/**
 * Every parameter that has an effect: XGBoost's name, its aliases, range, default and meaning.
 * Defaults are XGBoost 3.2's; `n_estimators` is that of its scikit-learn wrapper.
 */
export const PARAMS: { readonly [K in keyof BoosterParams]-?: ParamSpec } = {
  objective: {
    name: 'objective',
    rule: { kind: 'choice', choices: ['binary:logistic'] },
    default: 'binary:logistic',
    doc: 'loss to minimise',
  },
  nEstimators: {
    name: 'n_estimators',
    aliases: ['num_boost_round', 'num_round'],
    rule: { kind: 'integer', from: 1, to: 100_000 },
    default: 100,
    doc: 'number of boosting rounds, one tree each',
  },
  maxDepth: {
    name: 'max_depth',
    rule: { kind: 'integer', from: 0, to: INT32_MAX },
    default: 6,
    doc: 'deepest level of a tree; 0 sets no limit',
  },
  maxLeaves: {
    name: 'max_leaves',
    rule: { kind: 'integer', from: 0, to: INT32_MAX },
    default: 0,
    doc: 'most leaves of a tree; 0 sets no limit',
  },
  growPolicy: {
    name: 'grow_policy',
    rule: { kind: 'choice', choices: ['depthwise', 'lossguide'] },
    default: 'depthwise',
    doc: 'depthwise splits level by level, lossguide the leaf with the largest gain first',
  },
  learningRate: {
    name: 'learning_rate',
    aliases: ['eta'],
    rule: NOT_NEGATIVE,
    default: 0.3,
    doc: 'factor on every leaf',
  },
  minChildWeight: {
    name: 'min_child_weight',
    rule: NOT_NEGATIVE,
    default: 1,
    doc: 'smallest sum of hessians in a child',
  },
  gamma: {
    name: 'gamma',
    aliases: ['min_split_loss'],
    rule: NOT_NEGATIVE,
    default: 0,
    doc: 'smallest gain of a split',
  },
  regLambda: {
    name: 'reg_lambda',
    aliases: ['lambda'],
    rule: NOT_NEGATIVE,
    default: 1,
    doc: 'L2 regularisation of leaf weights',
  },
  regAlpha: {
    name: 'reg_alpha',
    aliases: ['alpha'],
    rule: NOT_NEGATIVE,
    default: 0,
    doc: 'L1 regularisation of leaf weights',
  },
  maxDeltaStep: {
    name: 'max_delta_step',
    rule: NOT_NEGATIVE,
    default: 0,
    doc: 'largest leaf weight before the learning rate; 0 sets no limit',
  },
  subsample: {
    name: 'subsample',
    rule: UNIT_SHARE,
    default: 1,
    doc: 'share of rows drawn for each tree, without replacement',
  },
  colsampleBytree: {
    name: 'colsample_bytree',
    rule: UNIT_SHARE,
    default: 1,
    doc: 'share of columns drawn for each tree',
  },
  colsampleBylevel: {
    name: 'colsample_bylevel',
    rule: UNIT_SHARE,
    default: 1,
    doc: "share of the tree's columns drawn for each level",
  },
  colsampleBynode: {
    name: 'colsample_bynode',
    rule: UNIT_SHARE,
    default: 1,
    doc: "share of the level's columns drawn for each split",
  },
  scalePosWeight: {
    name: 'scale_pos_weight',
    rule: NOT_NEGATIVE,
    default: 1,
    doc: 'factor on the weight of rows with label 1',
  },
  maxBin: {
    name: 'max_bin',
    rule: { kind: 'integer', from: 2, to: 65_535 },
    default: 256,
    doc: 'most bins of a column',
  },
  baseScore: {
    name: 'base_score',
    rule: { kind: 'number', above: 0, below: 1 },
    doc: 'probability before the first tree; estimated from the labels when absent',
  },
  seed: {
    name: 'seed',
    aliases: ['random_state'],
    rule: { kind: 'integer', from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER },
    default: 0,
    doc: 'start of the random numbers',
  },
  earlyStoppingRounds: {
    name: 'early_stopping_rounds',
    rule: { kind: 'integer', from: 1, to: INT32_MAX },
    doc: 'rounds without a better last metric on the last evaluation set after which training ends',
  },
  evalMetric: {
    name: 'eval_metric',
    rule: { kind: 'choices', choices: ['auc', 'aucpr', 'logloss', 'error'] },
    default: 'logloss',
    doc: 'measures of the evaluation sets; early stopping watches the last',
  },
  monotoneConstraints: {
    name: 'monotone_constraints',
    rule: { kind: 'signs' },
    default: [],
    doc: '1: the score may only rise with the feature, -1: only fall, 0: free',
  },
  nJobs: {
    name: 'n_jobs',
    aliases: ['nthread'],
    rule: { kind: 'integer', from: -1, to: 1024 },
    default: 0,
    doc: 'threads; the model does not depend on it',
  },
}

/**
 * XGBoost's parameters of which one value is what this trainer does, or which have nothing to act on here
 * (it prints nothing). Any other value is refused rather than ignored.
 */
export const FIXED_PARAMS: Readonly<Record<string, readonly string[]>> = {
  tree_method: ['hist', 'auto'],
  booster: ['gbtree'],
  device: ['cpu'],
  sampling_method: ['uniform'],
  num_parallel_tree: ['1'],
  verbosity: ['0', '1', '2', '3'],
}
