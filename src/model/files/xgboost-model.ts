import { FdsError } from '../../errors.ts'
import type { Booster } from '../booster.ts'
import { readJson, writeJson } from './json-text.ts'
import { readLearner } from './read-learner.ts'
import { isUbjson, readUbjson } from './read-ubjson.ts'
import { writeLearner } from './write-learner.ts'
import { writeUbjson } from './write-ubjson.ts'

/** XGBoost's two spellings of one document: `model.json` and the binary `model.ubj`. */
export type ModelFormat = 'json' | 'ubj'

export const MODEL_FORMATS: readonly ModelFormat[] = ['json', 'ubj']

/**
 * Writes a booster as XGBoost's `model.json` or `model.ubj`. XGBoost 1.7 to 3.x load it and compute the same margins to
 * the last bit. Names f0, f1, … are left out, as XGBoost leaves out names that it made up.
 *
 * Errors: `MODEL_UNSUPPORTED` for another format. Cost O(nodes).
 */
export function saveXgboostModel(booster: Booster, format: ModelFormat): Uint8Array {
  if (!MODEL_FORMATS.includes(format)) {
    throw new FdsError('MODEL_UNSUPPORTED', {
      what: 'The model format',
      got: String(format),
      supported: MODEL_FORMATS,
    })
  }
  const document = writeLearner(booster)
  return format === 'json' ? writeJson(document) : writeUbjson(document)
}

/**
 * Reads XGBoost's `model.json` or `model.ubj`, told apart by their first bytes: versions 1 to 3, boosters `gbtree` and
 * `dart`, numerical and categorical splits, objective `binary:logistic`.
 *
 * Errors: `MODEL_UNSUPPORTED` names a booster, objective or version that this room does not read;
 * `MODEL_FILE_INVALID` says what is wrong with a file that is truncated or contradicts itself. A model that loads
 * gives every row a finite margin. Cost O(bytes); no recursion over what the file nests.
 */
export function loadXgboostModel(bytes: Uint8Array): Booster {
  return readLearner(isUbjson(bytes) ? readUbjson(bytes) : readJson(bytes))
}
