import type { StudyView } from '../samplers/sampler.ts'
import { valueAxis } from './chart-axes.ts'
import { COLORS, drawSvg, emptySvg, SOFT, TEXT } from './draw-svg.ts'
import { countText, shortText } from './number-text.ts'
import { getParamImportances, type ParamImportancesOptions } from './param-importances.ts'
import { shownTrials } from './shown-trials.ts'

/** Bars at most, the largest first. */
const MOST = 40

/**
 * The importances as a list, the largest first, with the text beside each bar; empty where no completed trial has a
 * finite value. Options and errors of `getParamImportances`.
 *
 * @example
 * paramImportancesData(createStudy()).length // 0
 */
export function paramImportancesData(
  study: StudyView,
  options: ParamImportancesOptions = {},
): readonly { readonly param: string; readonly importance: number; readonly label: string }[] {
  if (shownTrials(study).length === 0) return []
  return Object.entries(getParamImportances(study, options)).map(([param, importance]) => ({
    param,
    importance,
    label: importance >= 0.01 ? importance.toFixed(2) : '<0.01',
  }))
}

/**
 * The importances as a picture: a bar a parameter, the largest first, 40 at most. An SVG document.
 *
 * @example
 * plotParamImportances(createStudy()).includes('No trial is complete') // true
 */
export function plotParamImportances(study: StudyView, options: ParamImportancesOptions = {}): string {
  const title = 'Importance of parameters'
  const all = paramImportancesData(study, options)
  if (all.length === 0) return emptySvg(title, 'No trial is complete.')
  const bars = all.slice(0, MOST)
  const range: [number, number] = [0, Math.max(...bars.map(({ importance }) => importance)) * 1.08 || 1]
  const axis = valueAxis({ name: 'Importance (PED-ANOVA)', range })
  const count = bars.length < all.length ? `${bars.length} of ${all.length} parameters, ` : ''
  return drawSvg({
    title,
    subtitle: `${count}what decides whether a trial is among the best; ${countText(shownTrials(study).length, 'completed trial')}`,
    height: 84 + bars.length * 30 + 56,
    option: {
      grid: { top: 72, left: 200, right: 60, bottom: 56 },
      xAxis: axis,
      yAxis: {
        type: 'category',
        inverse: true,
        data: bars.map(({ param }) => ({ value: shortText(param, 26) })),
        axisLabel: { color: TEXT, interval: 0 },
        axisTick: { show: false },
        axisLine: { show: true, lineStyle: { color: SOFT } },
      },
      series: [
        {
          type: 'bar',
          silent: true,
          barWidth: 16,
          itemStyle: { color: COLORS.blue },
          data: bars.map(({ importance, label }) => ({
            value: importance,
            label: { show: true, position: 'right', formatter: () => label, color: TEXT },
          })),
        },
      ],
    },
  })
}
