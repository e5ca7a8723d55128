import { FdsError } from '../errors.ts'
import { Booster } from './booster.ts'
import { floatText } from './float-text.ts'
import {
  countOf,
  fieldOf,
  invalidModel,
  type JsonObject,
  listOf,
  objectOf,
  textOf,
  textsOf,
} from './json-fields.ts'
import { readTree, writeTree } from './xgboost-tree.ts'

/** A text longer than this does not fit a JavaScript string. */
const FILE_BYTES_MAX = 2 ** 29 - 2 ** 10

/** Columns that a file may claim without naming them. */
const UNNAMED_FEATURES_MAX = 1_000_000

/** XGBoost's major versions whose files are read. */
const MAJOR_VERSIONS = [1, 2, 3]

/**
 * The version that files claim: its spelling of `base_score` is the one that every version from 1.7 to 3.x
 * reads.
 */
const WRITTEN_VERSION = [2, 1, 4]

/**
 * Writes a booster as XGBoost's `model.json`. XGBoost 1.7 to 3.x load it and compute the same margins to the
 * last bit. Names f0, f1, … are left out, as XGBoost leaves out names that it made up.
 */
export function saveXgboostModel(booster: Booster, format: 'json'): Uint8Array {
  if (format !== 'json') {
    throw new FdsError('MODEL_UNSUPPORTED', {
      what: 'The model format',
      got: String(format),
      supported: ['json'],
    })
  }
  return new TextEncoder().encode(modelText(booster))
}

/**
 * Reads XGBoost's `model.json` (versions 1 to 3, booster `gbtree`, objective `binary:logistic`).
 *
 * Errors: `MODEL_UNSUPPORTED` names a booster, objective, version or kind of split that this room does not read;
 * `MODEL_FILE_INVALID` says what is wrong with a file that is truncated or contradicts itself.
 */
export function loadXgboostModel(bytes: Uint8Array): Booster {
  const model = parseJson(bytes)
  checkVersion(fieldOf(model, 'version'))
  const learner = objectOf(fieldOf(model, 'learner'), 'learner')
  checkKind('The objective', nameOf(learner, 'objective'), 'binary:logistic')
  checkKind('The booster', nameOf(learner, 'gradient_booster'), 'gbtree')

  const param = objectOf(fieldOf(learner, 'learner_model_param'), 'learner_model_param')
  checkKind('The number of classes', textOf(fieldOf(param, 'num_class') ?? '0', 'num_class'), '0')
  checkKind('The number of targets', textOf(fieldOf(param, 'num_target') ?? '1', 'num_target'), '1')
  const featureNames = readNames(learner, countOf(fieldOf(param, 'num_feature'), 'num_feature'))

  const gradientBooster = objectOf(fieldOf(learner, 'gradient_booster'), 'gradient_booster')
  const forest = objectOf(fieldOf(gradientBooster, 'model'), 'gradient_booster.model')
  const treesPerIteration = readTreesPerIteration(forest)
  const trees = listOf(fieldOf(forest, 'trees'), 'trees').map((tree, i) =>
    readTree(tree, featureNames.length, `trees[${i}]`),
  )
  const attributes = readAttributes(fieldOf(learner, 'attributes'))
  return new Booster({
    featureNames,
    featureTypes: textsOf(fieldOf(learner, 'feature_types') ?? [], 'feature_types'),
    baseScore: readBaseScore(textOf(fieldOf(param, 'base_score'), 'base_score')),
    trees,
    treesPerIteration,
    ...readBest(attributes, Math.ceil(trees.length / treesPerIteration)),
    attributes: Object.fromEntries(attributes),
  })
}

function parseJson(bytes: Uint8Array): JsonObject {
  if (bytes.length > FILE_BYTES_MAX) {
    throw invalidModel(`the file must be at most ${FILE_BYTES_MAX} bytes, got ${bytes.length}`)
  }
  // UBJSON opens an object and gives the length of the first key ("L": 64-bit); JSON has a quote there
  if (bytes[0] === 0x7b && bytes[1] === 0x4c) {
    throw new FdsError('MODEL_UNSUPPORTED', { what: 'The model format', got: 'ubj', supported: ['json'] })
  }
  try {
    return objectOf(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), 'the file')
  } catch (error) {
    if (error instanceof FdsError || !(error instanceof Error)) throw error
    throw invalidModel(`it must be JSON: ${error.message.slice(0, 200)}`)
  }
}

function checkVersion(value: unknown): void {
  const major = countOf(listOf(value, 'version')[0], 'version[0]')
  if (!MAJOR_VERSIONS.includes(major)) {
    const supported = MAJOR_VERSIONS.map(String)
    throw new FdsError('MODEL_UNSUPPORTED', {
      what: "XGBoost's major version",
      got: String(major),
      supported,
    })
  }
}

function nameOf(learner: JsonObject, field: string): string {
  return textOf(fieldOf(objectOf(fieldOf(learner, field), field), 'name'), `${field}.name`)
}

function checkKind(what: string, got: string, supported: string): void {
  if (got !== supported) throw new FdsError('MODEL_UNSUPPORTED', { what, got, supported: [supported] })
}

function readNames(learner: JsonObject, featureCount: number): readonly string[] {
  const names = textsOf(fieldOf(learner, 'feature_names') ?? [], 'feature_names')
  if (names.length === 0 && featureCount <= UNNAMED_FEATURES_MAX) return madeUpNames(featureCount)
  if (names.length !== featureCount) {
    throw invalidModel(`feature_names must be num_feature = ${featureCount}, got ${names.length}`)
  }
  return names
}

function madeUpNames(featureCount: number): string[] {
  return Array.from({ length: featureCount }, (_, f) => `f${f}`)
}

/** Trees of one iteration; the counts in the file must agree with each other. */
function readTreesPerIteration(forest: JsonObject): number {
  const param = objectOf(fieldOf(forest, 'gbtree_model_param'), 'gbtree_model_param')
  const claimed = countOf(fieldOf(param, 'num_trees'), 'num_trees')
  const treeCount = listOf(fieldOf(forest, 'trees'), 'trees').length
  if (claimed !== treeCount)
    throw invalidModel(`num_trees must be the ${treeCount} of the file, got ${claimed}`)
  const info = listOf(fieldOf(forest, 'tree_info'), 'tree_info')
  if (info.length !== treeCount || info.some((group) => group !== 0)) {
    throw invalidModel(`tree_info must be ${treeCount} times 0`)
  }
  const perIteration = countOf(fieldOf(param, 'num_parallel_tree') ?? 1, 'num_parallel_tree')
  // XGBoost wrote 0 for 1 before it had forests
  return Math.max(1, perIteration)
}

/** "5E-1", or "[5E-1]" since 3.1. */
function readBaseScore(text: string): number {
  const match = /^\[?([-+.\dEe]+)\]?$/.exec(text)
  const baseScore = match === null ? Number.NaN : Number(match[1])
  if (!(baseScore >= 0 && baseScore <= 1)) {
    throw invalidModel(`base_score must be one number from 0 to 1, got ${text.slice(0, 40)}`)
  }
  return baseScore
}

function readAttributes(value: unknown): Map<string, string> {
  const attributes = objectOf(value ?? {}, 'attributes')
  return new Map(Object.entries(attributes).map(([name, text]) => [name, textOf(text, `attribute ${name}`)]))
}

/** Takes the best iteration and its score out of the attributes. */
function readBest(
  attributes: Map<string, string>,
  iterationCount: number,
): { bestIteration?: number; bestScore?: number } {
  const iteration = attributes.get('best_iteration')
  if (iteration === undefined) return {}
  const bestIteration = countOf(iteration, 'best_iteration')
  if (bestIteration >= iterationCount) {
    throw invalidModel(`best_iteration must be below ${iterationCount}, got ${iteration}`)
  }
  const bestScore = Number(attributes.get('best_score'))
  attributes.delete('best_iteration')
  attributes.delete('best_score')
  return Number.isFinite(bestScore) ? { bestIteration, bestScore } : { bestIteration }
}

function modelText(booster: Booster): string {
  const { featureNames, trees, treesPerIteration } = booster
  const featureCount = featureNames.length
  const isMadeUp = madeUpNames(featureCount).every((name, f) => name === featureNames[f])
  const iterationCount = Math.ceil(trees.length / treesPerIteration)
  const starts = Array.from({ length: iterationCount + 1 }, (_, i) =>
    Math.min(i * treesPerIteration, trees.length),
  )
  const head = JSON.stringify({
    attributes: attributesOf(booster),
    feature_names: isMadeUp ? [] : featureNames,
    feature_types: isMadeUp ? [] : booster.featureTypes,
  })
  const forest = [
    `"gbtree_model_param":{"num_parallel_tree":"${treesPerIteration}","num_trees":"${trees.length}"}`,
    `"iteration_indptr":${JSON.stringify(starts)}`,
    `"tree_info":${JSON.stringify(trees.map(() => 0))}`,
    `"trees":[${trees.map((tree, id) => writeTree(tree, id, featureCount)).join(',')}]`,
  ].join(',')
  const tail = JSON.stringify({
    learner_model_param: {
      base_score: floatText(booster.baseScore),
      boost_from_average: '1',
      num_class: '0',
      num_feature: String(featureCount),
      num_target: '1',
    },
    objective: { name: 'binary:logistic', reg_loss_param: { scale_pos_weight: '1' } },
  })
  const learner = `${head.slice(0, -1)},"gradient_booster":{"model":{${forest}},"name":"gbtree"},${tail.slice(1)}`
  return `{"learner":${learner},"version":${JSON.stringify(WRITTEN_VERSION)}}`
}

function attributesOf({ attributes, bestIteration, bestScore }: Booster): Record<string, string> {
  return {
    ...attributes,
    ...(bestIteration === undefined ? {} : { best_iteration: String(bestIteration) }),
    ...(bestScore === undefined ? {} : { best_score: String(bestScore) }),
  }
}
