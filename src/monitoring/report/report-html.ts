import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { adviseRetraining } from '../drift/retrain-advice.ts'
import { both, html, jsonBlock, type Lang, Markup } from './html.ts'
import { type PageRole, pageColumns } from './page-columns.ts'
import { pageData } from './page-data.ts'
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
  const { lang = 'en', target, prediction } = options
  const roles = new Map(
    Object.entries({ target, prediction }).flatMap(([role, name]) =>
      name === undefined ? [] : [[name, role as PageRole]],
    ),
  )
  const advice = adviseRetraining(result, {
    ...(result.importance && { importance: result.importance }),
    ...(target !== undefined && { target }),
    ...(prediction !== undefined && { prediction }),
  })
  const columns = pageColumns(result, advice, roles)
  const verdict = pageVerdict(columns, advice)
  const [style, script] = [pageFile('page.css'), PAGE_SCRIPTS.map(pageScript).join('\n')]
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; img-src data:; base-uri 'none'; form-action 'none'`
  return html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${LABELS.report[lang]}: ${ACTIONS[verdict.action][lang]}</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body>
<header><p>${both(LABELS.report)}</p>${settings(lang)}</header>
<main>
${verdictPart(verdict)}
${keyPart()}
${outcomesPart(columns)}
${changedPart(columns)}
${summaryPart(columns, result)}
<h2 id="all">${both(LABELS.allColumns)}</h2>
<p class="soft" id="without-script">${both(LABELS.withoutScript)}</p>
${toolsPart(columns)}
${tablePart(columns)}
${legendPart()}
</main>
<dialog id="detail" aria-labelledby="detail-name"></dialog>
<script type="application/json" id="data">${jsonBlock(pageData(columns))}</script>
<script type="module">${new Markup(script)}</script>
</body>
</html>
`.text
}

/** The page's script in the order of its parts: settings, details, table. */
const PAGE_SCRIPTS = ['page-elements.js', 'page-settings.js', 'page-detail.js', 'page-table.js']

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
