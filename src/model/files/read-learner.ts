import { FdsError } from '../../errors.ts'
import { Booster } from '../booster.ts'
import { marginOf } from '../logistic.ts'
import type { Tree } from '../tree.ts'
import {
  countOf,
  type DocumentObject,
  fieldOf,
  finiteFloatsOf,
  integersOf,
  invalidModel,
  listOf,
  objectOf,
  ofLength,
  textOf,
  textsOf,
} from './document-fields.ts'
import { readCategoryNames } from './xgboost-category-names.ts'
import { readTree } from './xgboost-tree.ts'

/** Columns that a file may claim without naming them. */
const UNNAMED_FEATURES_MAX = 1_000_000

/** XGBoost's major versions whose files are read. */
const MAJOR_VERSIONS = ['1', '2', '3']

/** A margin beyond is infinite in float32. */
const FLOAT32_MAX = 2 ** 128 - 2 ** 104

/**
 * Makes a booster of a model file's document.
 *
 * Errors: `MODEL_UNSUPPORTED` names what is not read here; `MODEL_FILE_INVALID` says where the document contradicts
 * itself. Cost O(nodes + categories).
 */
export function readLearner(document: DocumentObject): Booster {
  const major = countOf(listOf(fieldOf(document, 'version'), 'version')[0], 'version[0]')
  checkKind("XGBoost's major version", String(major), MAJOR_VERSIONS)
  const learner = objectOf(fieldOf(document, 'learner'), 'learner')
  checkKind('The objective', nameOf(learner, 'objective'), ['binary:logistic'])
  checkKind('The booster', nameOf(learner, 'gradient_booster'), ['gbtree', 'dart'])

  const param = objectOf(fieldOf(learner, 'learner_model_param'), 'learner_model_param')
  checkKind('The number of classes', textOf(fieldOf(param, 'num_class') ?? '0', 'num_class'), ['0'])
  checkKind('The number of targets', textOf(fieldOf(param, 'num_target') ?? '1', 'num_target'), ['1'])
  const featureNames = readNames(learner, countOf(fieldOf(param, 'num_feature'), 'num_feature'))
  const baseScore = readBaseScore(textOf(fieldOf(param, 'base_score'), 'base_score'))

  const { forest, treeWeights } = readBooster(
    objectOf(fieldOf(learner, 'gradient_booster'), 'gradient_booster'),
  )
  const trees = Array.from(listOf(fieldOf(forest, 'trees'), 'trees'), (tree, i) =>
    readTree(tree, featureNames.length, `trees[${i}]`),
  )
  const treesPerIteration = readTreesPerIteration(forest, trees.length)
  if (treeWeights !== undefined) ofLength(treeWeights, trees.length, 'weight_drop')
  checkMargins(trees, treeWeights, marginOf(baseScore))
  const attributes = readAttributes(fieldOf(learner, 'attributes'))
  return new Booster({
    featureNames,
    featureTypes: readTypes(learner, featureNames.length),
    categoryNames: readCategoryNames(forest, featureNames.length),
    baseScore,
    trees,
    treeWeights,
    treesPerIteration,
    ...readBest(attributes, trees.length / treesPerIteration),
    attributes: Object.fromEntries(attributes),
  })
}

function nameOf(learner: DocumentObject, field: string): string {
  return textOf(fieldOf(objectOf(fieldOf(learner, field), field), 'name'), `${field}.name`)
}

function checkKind(what: string, got: string, supported: readonly string[]): void {
  if (!supported.includes(got)) {
    throw new FdsError('MODEL_UNSUPPORTED', { what, got: got.slice(0, 100), supported })
  }
}

function readNames(learner: DocumentObject, featureCount: number): readonly string[] {
  const names = textsOf(fieldOf(learner, 'feature_names') ?? [], 'feature_names')
  if (names.length === 0 && featureCount <= UNNAMED_FEATURES_MAX) return madeUpNames(featureCount)
  if (names.length !== featureCount) {
    throw invalidModel(`feature_names must be num_feature = ${featureCount}, got ${names.length}`)
  }
  return names
}

function readTypes(learner: DocumentObject, featureCount: number): readonly string[] {
  const types = textsOf(fieldOf(learner, 'feature_types') ?? [], 'feature_types')
  return types.length === 0 ? types : ofLength(types, featureCount, 'feature_types')
}

/** The names that XGBoost gives columns without a name. */
export function madeUpNames(featureCount: number): string[] {
  return Array.from({ length: featureCount }, (_, f) => `f${f}`)
}

/** The forest, which `dart` wraps into a `gbtree` of its own and gives one weight for each tree. */
function readBooster(booster: DocumentObject): { forest: DocumentObject; treeWeights?: Float32Array } {
  const modelOf = (gbtree: DocumentObject): DocumentObject =>
    objectOf(fieldOf(gbtree, 'model'), 'gradient_booster.model')
  if (fieldOf(booster, 'name') === 'gbtree') return { forest: modelOf(booster) }
  return {
    forest: modelOf(objectOf(fieldOf(booster, 'gbtree'), 'gradient_booster.gbtree')),
    treeWeights: finiteFloatsOf(fieldOf(booster, 'weight_drop'), 'weight_drop'),
  }
}

/** Trees of one iteration; the counts in the file must agree with each other. */
function readTreesPerIteration(forest: DocumentObject, treeCount: number): number {
  const param = objectOf(fieldOf(forest, 'gbtree_model_param'), 'gbtree_model_param')
  const claimed = countOf(fieldOf(param, 'num_trees'), 'num_trees')
  if (claimed !== treeCount) {
    throw invalidModel(`num_trees must be the ${treeCount} of the file, got ${claimed}`)
  }
  const info = integersOf(fieldOf(forest, 'tree_info'), 'tree_info')
  if (info.length !== treeCount || info.some((group) => group !== 0)) {
    throw invalidModel(`tree_info must be ${treeCount} times 0`)
  }
  const perIteration = countOf(fieldOf(param, 'num_parallel_tree') ?? 1, 'num_parallel_tree')
  // XGBoost wrote 0 for 1 before it had forests
  const treesPerIteration = Math.max(1, perIteration)
  checkIterations(forest, treeCount, treesPerIteration)
  return treesPerIteration
}

/** Every iteration must have as many trees, or the best one would end at another tree; 1.7 does not list where they begin. */
function checkIterations(forest: DocumentObject, treeCount: number, treesPerIteration: number): void {
  const iterationCount = treeCount / treesPerIteration
  const starts = fieldOf(forest, 'iteration_indptr')
  const begins = starts === undefined ? undefined : integersOf(starts, 'iteration_indptr')
  const isListed = begins?.every((start, i) => start === i * treesPerIteration) ?? true
  const isWhole =
    Number.isInteger(iterationCount) && (begins?.length ?? iterationCount + 1) === iterationCount + 1
  if (!isListed || !isWhole) {
    throw new FdsError('MODEL_UNSUPPORTED', {
      what: 'The number of trees of an iteration',
      got: `${treeCount} trees that begin iterations at ${begins?.subarray(0, 5).join(', ') ?? 'no listed place'}`,
      supported: [`num_parallel_tree = ${treesPerIteration} in every one`],
    })
  }
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

/** No row's leaves may add up to an infinite margin: the largest leaf of every tree together must stay finite. */
function checkMargins(trees: readonly Tree[], weights: Float32Array | undefined, baseMargin: number): void {
  const largest = trees.reduce((sum, tree, t) => sum + largestLeaf(tree) * Math.abs(weights?.[t] ?? 1), 0)
  if (!(Math.abs(baseMargin) + largest < FLOAT32_MAX)) {
    throw invalidModel('the leaves of a row must add up to a finite float32')
  }
}

function largestLeaf({ left, threshold }: Tree): number {
  return threshold.reduce((max, value, node) => (left[node] < 0 ? Math.max(max, Math.abs(value)) : max), 0)
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
    throw invalidModel(`best_iteration must be below ${iterationCount}, got ${iteration.slice(0, 40)}`)
  }
  const bestScore = Number(attributes.get('best_score'))
  attributes.delete('best_iteration')
  attributes.delete('best_score')
  return Number.isFinite(bestScore) ? { bestIteration, bestScore } : { bestIteration }
}
