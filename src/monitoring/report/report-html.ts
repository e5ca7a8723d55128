import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { adviseRetraining } from '../drift/retrain-advice.ts'
import { both, html, jsonBlock, type Lang, Markup, type Words } from './html.ts'
import { type PageRole, pageColumns } from './page-columns.ts'
import { pageData } from './page-data.ts'
import { measuresPart } from './page-measures.ts'
import {
  changedPart,
  keyPart,
  legendPart,
  outcomesPart,
  settings,
  summaryPart,
  tablePart,
  toolsPart,
  verdictPart,
} from './page-parts.ts'
import type { ScriptData } from './page-shape.ts'
import { pageVerdict } from './page-verdict.ts'
import { ACTIONS, LABELS } from './page-words.ts'
import type { ReportResult } from './report.ts'

export interface PageOptions {
  /** The language that the page opens in, 'en' unless given; a switch in it changes to the other. */
  readonly lang?: Lang
  /** The column of the labels and that of the scores, which get a section of their own. */
  readonly target?: string
  readonly prediction?: string
}

/**
 * The drift report as one page that needs nothing else and asks nothing of a network: the verdict, what changed
 * most, then every column with a small picture of both distributions; a script of its own searches, sorts, filters
 * and shows details. Every text from the data is escaped; a policy in the page runs no script and no style but its
 * own. Cost: about 2 KB a column.
 */
export function reportHtml(result: ReportResult, options: PageOptions = {}): string {
  const { lang = 'en' } = options
  const { title, parts, data } = result.columns.length > 0 ? driftPage(result, options) : summaryPage()
  const scripts = data ? [...SETTINGS_SCRIPTS, ...TABLE_SCRIPTS] : SETTINGS_SCRIPTS
  const [style, script] = [pageFile('page.css'), scripts.map(pageScript).join('\n')]
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; img-src data:; base-uri 'none'; form-action 'none'`
  return html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${LABELS.report[lang]}: ${title[lang]}</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body>
<header><p>${both(LABELS.report)}</p>${settings(lang)}</header>
<main>
${parts}
${measuresPart(result.dict(), { isAlone: data === null })}
${data && legendPart()}
</main>
<dialog id="detail" aria-labelledby="detail-name"></dialog>
<script type="application/json" id="data">${jsonBlock(data ?? { labels: LABELS, columns: [] })}</script>
<script type="module">${new Markup(script)}</script>
</body>
</html>
`.text
}

interface PageBody {
  readonly title: Words
  readonly parts: Markup
  /** What the script reads of the columns; null where there are none. */
  readonly data: ScriptData | null
}

function driftPage(result: ReportResult, { target, prediction }: PageOptions): PageBody {
  const roles = new Map<string, PageRole>()
  if (target !== undefined) roles.set(target, 'target')
  if (prediction !== undefined) roles.set(prediction, 'prediction')
  const advice = adviseRetraining(result, {
    ...(result.importance && { importance: result.importance }),
    ...(target !== undefined && { target }),
    ...(prediction !== undefined && { prediction }),
  })
  const columns = pageColumns(result, advice, roles)
  const verdict = pageVerdict(columns, advice)
  const parts = html`${verdictPart(verdict)}
${keyPart()}
${outcomesPart(columns)}
${changedPart(columns)}
${summaryPart(columns, result)}
<h2 id="all">${both(LABELS.allColumns)}</h2>
<p class="soft" id="without-script">${both(LABELS.withoutScript)}</p>
${toolsPart(columns)}
${tablePart(columns)}`
  return { title: ACTIONS[verdict.action], parts, data: pageData(columns) }
}

/** Where drift was not asked for there is no verdict. */
function summaryPage(): PageBody {
  return { title: LABELS.measures, parts: html``, data: null }
}

/** The page's script in the order of its parts. */
const SETTINGS_SCRIPTS = ['page-elements.js', 'page-settings.js']
const TABLE_SCRIPTS = ['page-detail.js', 'page-table.js']

/** The parts become one script: what they take from one another is already there. */
function pageScript(name: string): string {
  return pageFile(name)
    .replace(/^import [^']*'[^']*'\n/gm, '')
    .replace(/^export /gm, '')
}

function pageFile(name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8')
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
