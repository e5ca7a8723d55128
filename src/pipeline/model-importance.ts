import { writeFile } from 'node:fs/promises'
import { replaceFile } from '../data/write-table.ts'
import { type ImportanceKind, importancePlot } from '../model/index.ts'
import type { MlflowClient } from '../tracking/index.ts'
import { loadModel } from './load-model.ts'

export interface FeatureImportance {
  readonly feature: string
  readonly importance: number
}

/**
 * What each feature contributes to a model's trees, the largest first; features that split nothing are left out.
 * With `out` the picture is written there, whole or not at all.
 */
export async function modelImportance(input: {
  uri: string
  kind: ImportanceKind
  out?: string
  maxFeatures?: number
  openClient: () => Promise<MlflowClient>
}): Promise<FeatureImportance[]> {
  const { uri, kind, out, maxFeatures, openClient } = input
  const { booster } = await loadModel(uri, openClient)
  if (out !== undefined) {
    const picture = importancePlot(booster, { kind, ...(maxFeatures !== undefined && { maxFeatures }) })
    await replaceFile(out, (path) => writeFile(path, picture))
  }
  return Object.entries(booster.importance(kind))
    .map(([feature, importance]) => ({ feature, importance }))
    .sort((a, b) => b.importance - a.importance || (a.feature < b.feature ? -1 : 1))
}
