import type { Booster } from '../booster.ts'
import { type DocumentValue, Float } from './document-value.ts'
import { floatText } from './float-text.ts'
import { madeUpNames } from './read-learner.ts'
import { writeCategoryNames } from './xgboost-category-names.ts'
import { writeTree } from './xgboost-tree.ts'

/**
 * The version that files claim: its spelling of `base_score` is the one that every version from 1.7 to 3.x reads.
 */
const WRITTEN_VERSION = [2, 1, 4]

/** The document of a booster, which `readLearner` reads. Cost O(nodes). */
export function writeLearner(booster: Booster): DocumentValue {
  const { featureNames, featureTypes } = booster
  const isMadeUp = madeUpNames(featureNames.length).every((name, f) => name === featureNames[f])
  return {
    learner: {
      attributes: attributesOf(booster),
      feature_names: isMadeUp ? [] : featureNames,
      feature_types: featureTypes,
      gradient_booster: gradientBooster(booster),
      learner_model_param: {
        base_score: floatText(booster.baseScore),
        boost_from_average: '1',
        num_class: '0',
        num_feature: String(featureNames.length),
        num_target: '1',
      },
      objective: { name: 'binary:logistic', reg_loss_param: { scale_pos_weight: '1' } },
    },
    version: WRITTEN_VERSION,
  }
}

function attributesOf({ attributes, bestIteration, bestScore }: Booster): DocumentValue {
  return {
    ...attributes,
    ...(bestIteration === undefined ? {} : { best_iteration: String(bestIteration) }),
    ...(bestScore === undefined ? {} : { best_score: String(bestScore) }),
  }
}

function gradientBooster(booster: Booster): DocumentValue {
  const gbtree = { model: forest(booster), name: 'gbtree' }
  const { treeWeights } = booster
  if (treeWeights === undefined) return gbtree
  return { gbtree, name: 'dart', weight_drop: Array.from(treeWeights, (weight) => new Float(weight)) }
}

function forest({ trees, treesPerIteration, featureNames, categoryNames }: Booster): DocumentValue {
  const iterationCount = Math.ceil(trees.length / treesPerIteration)
  const starts = Array.from({ length: iterationCount + 1 }, (_, i) =>
    Math.min(i * treesPerIteration, trees.length),
  )
  return {
    ...writeCategoryNames(categoryNames),
    gbtree_model_param: {
      num_parallel_tree: String(treesPerIteration),
      num_trees: String(trees.length),
    },
    iteration_indptr: starts,
    tree_info: trees.map(() => 0),
    trees: trees.map((tree, id) => writeTree(tree, id, featureNames.length)),
  }
}
