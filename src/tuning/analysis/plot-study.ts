import type { StudyView } from '../samplers/sampler.ts'
import { plotContour } from './contour.ts'
import { contourAxes } from './contour-data.ts'
import { plotEdf } from './edf.ts'
import { intermediateValuesData, plotIntermediateValues } from './intermediate-values.ts'
import { plotOptimizationHistory } from './optimization-history.ts'
import { plotParallelCoordinate } from './parallel-coordinate.ts'
import { plotParamImportances } from './param-importances-plot.ts'
import { shownParams, shownTrials } from './shown-trials.ts'
import { plotSlice } from './slice.ts'
import { plotTimeline } from './timeline.ts'

/**
 * All pictures that say something about this study, by file name: importances from two trials and two parameters on,
 * contours where two parameters have two values, learning curves where trials reported, a timeline where they have
 * times. Empty for a study without a completed trial of finite value. `targetName` names the objective, with its unit;
 * `now` (milliseconds) ends the bars of running trials.
 *
 * @example
 * Object.keys(plotStudy(createStudy())).length // 0
 */
export function plotStudy(
  study: StudyView,
  options: { readonly targetName?: string; readonly now?: number } = {},
): Record<string, string> {
  const trials = shownTrials(study)
  if (trials.length === 0) return {}
  const params = shownParams(trials)
  const isVaried = contourAxes(study).filter(({ indices }) => indices.length > 1).length > 1
  const hasReports = intermediateValuesData(study).some(({ values }) =>
    values.some(([, value]) => Number.isFinite(value)),
  )
  const hasTimes = study.trials.some(({ datetimeStart }) => datetimeStart !== null)
  return {
    'optimization-history.svg': plotOptimizationHistory(study, options),
    'edf.svg': plotEdf(study, options),
    ...(params.length > 0 && { 'slice.svg': plotSlice(study, options) }),
    ...(params.length > 0 && { 'parallel-coordinate.svg': plotParallelCoordinate(study, options) }),
    ...(params.length > 1 && trials.length > 1 && { 'param-importances.svg': plotParamImportances(study) }),
    ...(isVaried && { 'contour.svg': plotContour(study, options) }),
    ...(hasReports && { 'intermediate-values.svg': plotIntermediateValues(study) }),
    ...(hasTimes && { 'timeline.svg': plotTimeline(study, options) }),
  }
}
