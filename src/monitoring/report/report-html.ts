import type { ColumnDrift } from '../drift/column-drift.ts'
import { isCounted } from '../drift/compare-profile.ts'
import { psiAction } from '../drift/psi-band.ts'
import { driftPicture, percent } from './drift-picture.ts'
import { escapeHtml } from './escape-html.ts'
import type { ReportResult } from './report.ts'
import { REPORT_STYLE } from './report-style.ts'

/**
 * The drift report as one page that needs nothing else: the verdict, what changed most, then every column with a
 * small picture of both distributions. Every text from the data is escaped.
 */
export function reportHtml(result: ReportResult): string {
  const title = result.passed ? 'No column drifted' : headline(result)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Drift report: ${title}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<p class="kind">Drift report</p>
<h1 class="${result.passed ? 'good' : 'bad'}">${title}</h1>
<p class="lead">${rowsText(result)}</p>
${bandCounts(result)}
<div class="scroll"><table>
<thead><tr><th>Column</th><th>Reference and current</th><th class="number">PSI</th><th>Verdict</th><th class="number">p</th><th class="number">Missing</th><th>Finding</th></tr></thead>
<tbody>
${tableRows(result)}
</tbody>
</table></div>
${LEGEND}
</main>
</body>
</html>
`
}

const KINDS = { num: 'number', cat: 'category', datetime: 'time' } as const

const LEGEND = `<section class="legend">
<p><span class="swatch ref"></span> reference <span class="swatch cur"></span> current: share of the rows in each tenth of the reference, or in each category; missing values last. Point at a picture for the numbers.</p>
<p>PSI below 0.1: maintain. From 0.1: monitor more closely. Above 0.25: consider retraining. A column counts as drifted where its PSI is at least 0.1 and more rows of the same kind would hardly bring it below (p under 0.05).</p>
<p>A page without drift does not say that the model still performs: fraud that looks like yesterday’s payments shows only in the labels.</p>
</section>`

function headline({ columns }: ReportResult): string {
  const counted = columns.filter(isCounted)
  const drifted = counted.filter((column) => column.drifted)
  return `${drifted.length} of ${counted.length} columns drifted`
}

function rowsText({ reference, current, driftShare }: ReportResult): string {
  const rows = `${grouped(reference.rows)} reference rows, ${grouped(current.rows)} current rows.`
  return `${rows} ${percent(driftShare)} of the reference’s columns drifted, times left out.`
}

function bandCounts({ columns }: ReportResult): string {
  const count = (holds: (column: ColumnDrift) => boolean): number => columns.filter(holds).length
  const cards: readonly (readonly [text: string, count: number])[] = [
    ['drifted', count((column) => column.drifted)],
    ['PSI above 0.25', count(({ band }) => band === 'retrain')],
    ['PSI 0.1 to 0.25', count(({ band }) => band === 'watch')],
    ['PSI below 0.1', count(({ band }) => band === 'stable')],
    ['without a PSI', count(({ psi }) => psi === null)],
  ]
  const items = cards.map(([text, number]) => `<div><dt>${text}</dt><dd>${number}</dd></div>`)
  return `<dl>${items.join('')}</dl>`
}

/** Faults first, then what drifted, then by falling index. */
function tableRows(result: ReportResult): string {
  const before = new Map(result.reference.columns.map((column) => [column.name, column]))
  const after = new Map(result.current.columns.map((column) => [column.name, column]))
  const rank = (column: ColumnDrift): number =>
    (column.drifted ? 10 : 0) + (column.psi ?? (column.drifted ? 1e9 : -1))
  return [...result.columns]
    .sort((a, b) => rank(b) - rank(a))
    .map((column) => {
      const [reference, current] = [before.get(column.name), after.get(column.name)]
      const isDrawn = column.status === 'compared' && reference && current
      return tableRow(column, isDrawn ? driftPicture(reference, current) : '')
    })
    .join('\n')
}

function tableRow(column: ColumnDrift, picture: string): string {
  const { name, type, psi, p_value, message, missing } = column
  const missingText = `${shareText(missing.reference)} → ${shareText(missing.current)}`
  const [verdict, tone] = verdictOf(column)
  return `<tr><th scope="row">${escapeHtml(name)}<small>${KINDS[type]}</small></th><td>${picture}</td><td class="number">${psi === null ? '–' : psi.toFixed(3)}</td><td><span class="chip ${tone}">${verdict}</span></td><td class="number">${p_value === null ? '–' : probabilityText(p_value)}</td><td class="number">${missingText}</td><td>${escapeHtml(message)}</td></tr>`
}

/** In words and in a tone, so that nothing hangs on colour. */
function verdictOf({ status, drifted, band }: ColumnDrift): readonly [verdict: string, tone: string] {
  if (band === null) return [status.replace('_', ' '), drifted ? 'bad' : 'plain']
  const tone = drifted ? (band === 'retrain' ? 'bad' : 'warn') : 'plain'
  return [drifted || band === 'stable' ? psiAction(band) : 'may be chance', tone]
}

function shareText(share: number | null): string {
  return share === null ? '–' : percent(share)
}

function probabilityText(p: number): string {
  return p < 0.0001 ? '&lt; 0.0001' : p.toFixed(4)
}

function grouped(rows: number): string {
  return rows.toLocaleString('en-US')
}
