import { isCounted } from '../drift/compare-profile.ts'
import type { Profile } from '../profile/profile.ts'
import { driftPicture } from './drift-picture.ts'
import { FINDING_KINDS, mainFinding, methodName } from './finding-words.ts'
import { both, type Content, html, type Lang, type Markup, type Words } from './html.ts'
import { grouped, percent } from './numbers.ts'
import type { PageAction, PageColumn } from './page-columns.ts'
import { findingKinds } from './page-data.ts'
import { driftedImportance, type PageVerdict } from './page-verdict.ts'
import { ACTIONS, LABELS, LEGEND } from './page-words.ts'

/** How many columns the list of the largest changes names. */
const NAMED = 8

/** Language and appearance; the script makes them work. */
export function settings(lang: Lang): Markup {
  return html`<div class="settings" hidden>
<fieldset data-setting="lang"><legend class="unseen">${both(LABELS.language)}</legend>${radio('lang', 'en', lang === 'en', 'English')}${radio('lang', 'ko', lang === 'ko', '한국어')}</fieldset>
<fieldset data-setting="theme"><legend class="unseen">${both(LABELS.theme)}</legend>${radio('theme', 'auto', true, both(LABELS.auto))}${radio('theme', 'light', false, both(LABELS.light))}${radio('theme', 'dark', false, both(LABELS.dark))}</fieldset>
</div>`
}

export function verdictPart({ action, reason }: PageVerdict): Markup {
  return html`<section class="verdict ${action}" aria-labelledby="verdict">
<h1 id="verdict">${sign(action)}${both(ACTIONS[action])}</h1>
<p>${both(reason)}</p>
</section>`
}

/** Rows, columns, drift and missing cells of both sides. */
export function summaryPart(
  columns: readonly PageColumn[],
  sides: { readonly reference: Profile; readonly current: Profile },
): Markup {
  const counted = columns.filter(({ drift }) => isCounted(drift))
  const drifted = counted.filter(({ drift }) => drift.drifted).length
  const importance = driftedImportance(columns)
  const arrow = (of: (profile: Profile) => string): Markup =>
    html`${of(sides.reference)} <span class="arrow">→</span> ${of(sides.current)}`
  return html`<section aria-labelledby="summary"><h2 id="summary">${both(LABELS.summary)}</h2><dl class="cards">
${card(LABELS.driftedColumns, html`${drifted} <small>/ ${counted.length} (${percent(counted.length === 0 ? 0 : drifted / counted.length)})</small>`)}
${importance !== null && card(LABELS.driftedImportance, percent(importance))}
${card(LABELS.aboveBand, String(columns.filter(({ drift }) => drift.drifted && drift.band === 'retrain').length))}
${card(
  LABELS.rows,
  arrow(({ rows }) => grouped(rows)),
)}
${card(
  LABELS.columns,
  arrow((profile) => grouped(profile.columns.length)),
)}
${card(
  LABELS.missingCells,
  arrow((profile) => percent(missingShare(profile))),
)}
</dl></section>`
}

/** The columns of the highest rank that drifted, each with its change as a bar. */
export function changedPart(columns: readonly PageColumn[]): Markup {
  const named = columns.filter(({ drift, role }) => drift.drifted && role === null).slice(0, NAMED)
  if (named.length === 0) return html``
  return html`<section aria-labelledby="changed"><h2 id="changed">${both(LABELS.changedMost)}</h2><ol class="changed">
${named.map((column) => html`<li>${highlight(column, columns)}</li>`)}
</ol></section>`
}

/** What the model learns and what it answers, whether they drifted or not. */
export function outcomesPart(columns: readonly PageColumn[]): Markup {
  const outcomes = (['target', 'prediction'] as const).flatMap((role) =>
    columns.filter((column) => column.role === role),
  )
  if (outcomes.length === 0) return html``
  return html`<section aria-labelledby="outcomes"><h2 id="outcomes">${both(LABELS.outcomes)}</h2><ul class="changed outcomes">
${outcomes.map((column) => html`<li>${highlight(column, columns)}</li>`)}
</ul></section>`
}

function highlight(column: PageColumn, columns: readonly PageColumn[]): Markup {
  const { role, drift, importance } = column
  const part = importance !== null && html`<small>${both(importanceWords(importance))}</small>`
  const name = html`<span class="name" data-column="${columns.indexOf(column)}">${drift.name}</span>`
  return html`<div>${name}${role && html`<small>${both(LABELS[role])}</small>`}${part}</div>${chip(column.action)}<span class="why">${both(mainFinding(column))}</span>${pictureOf(column)}`
}

function hasPsi({ drift }: PageColumn): boolean {
  return drift.method === null || drift.method === 'psi'
}

/** The tools above the table, which the script makes work. */
export function toolsPart(columns: readonly PageColumn[]): Markup {
  const types = (['num', 'cat', 'datetime'] as const).filter((type) =>
    columns.some(({ drift }) => drift.type === type),
  )
  const kinds = Object.entries(FINDING_KINDS).filter(([kind]) =>
    columns.some((column) => findingKinds(column).includes(kind)),
  )
  return html`<div class="tools" role="search" hidden>
<label class="field"><span>${both(LABELS.search)}</span><input type="search" id="search" autocomplete="off" spellcheck="false"></label>
<label class="field"><span>${both(LABELS.type)}</span><select id="type">${option('', LABELS.anyType)}${types.map((type) => option(type, LABELS[type]))}</select></label>
<label class="field"><span>${both(LABELS.finding)}</span><select id="finding">${option('', LABELS.anyFinding)}${kinds.map(([kind, words]) => option(kind, words))}</select></label>
<label class="check"><input type="checkbox" id="drifted">${both(LABELS.driftedOnly)}</label>
<output id="shown" role="status" for="search type finding drifted"></output>
</div>`
}

/** Every column by falling rank. */
export function tablePart(columns: readonly PageColumn[]): Markup {
  const hasImportance = columns.some(({ importance }) => importance !== null)
  const hasScore = !columns.every(hasPsi)
  return html`<div class="scroll" role="region" aria-labelledby="all" tabindex="0"><table id="columns">
<thead><tr>${heading('rank', LABELS.rank, true)}${heading('name', LABELS.column)}${hasImportance && heading('importance', LABELS.importance, true)}<th scope="col">${both(LABELS.distributions)}</th>${heading('psi', LABELS.psi, true)}${hasScore && heading('score', LABELS.score, true)}${heading('gravity', LABELS.verdict)}${heading('missing', LABELS.missing, true)}${heading('finding', LABELS.finding)}</tr></thead>
<tbody>
${columns.map((column, i) => tableRow(column, { index: i, hasImportance, hasScore }))}
</tbody>
</table><p id="nothing" hidden>${both(LABELS.nothingFound)} <button type="button" id="clear">${both(LABELS.clear)}</button></p></div>`
}

/** Whose bars have which colour. */
export function keyPart(): Markup {
  return html`<p class="key"><span class="swatch ref"></span>${both(LABELS.reference)}<span class="swatch cur"></span>${both(LABELS.current)}</p>`
}

export function legendPart(): Markup {
  return html`<section class="legend">
${LEGEND.map((words) => html`<p>${both(words)}</p>`)}
</section>`
}

function tableRow(
  column: PageColumn,
  { index, hasImportance, hasScore }: { index: number; hasImportance: boolean; hasScore: boolean },
): Markup {
  const { drift, importance, role } = column
  const { name, type, psi } = drift
  const part = hasImportance && numberCell(importance === null ? '–' : percent(importance))
  return html`<tr>${numberCell(index + 1)}<th scope="row"><span class="name" data-column="${index}">${name}</span><small>${both(LABELS[type])}${role && html`, ${both(LABELS[role])}`}</small></th>${part}<td>${pictureOf(column)}</td>${numberCell(figure(psi))}${hasScore && scoreCell(column)}<td>${chip(column.action)}</td>${numberCell(missingOf(column))}<td>${both(mainFinding(column))}</td></tr>
`
}

function numberCell(content: Content): Markup {
  return html`<td class="number">${content}</td>`
}

function scoreCell({ drift: { score, method } }: PageColumn): Markup {
  return numberCell(html`${figure(score)}${method !== null && html`<small>${methodName(method)}</small>`}`)
}

function figure(value: number | null): string {
  return value === null ? '–' : value.toFixed(3)
}

function importanceWords(share: number): Words {
  return {
    en: `${percent(share)} ${LABELS.ofImportance.en}`,
    ko: `${LABELS.ofImportance.ko} ${percent(share)}`,
  }
}

function pictureOf({ isDrawn, reference, current }: PageColumn): Markup | false {
  return isDrawn && driftPicture(reference!, current!)
}

function missingOf({ drift }: PageColumn): Content {
  const [before, after] = [drift.missing.reference, drift.missing.current]
  const text = (share: number | null): string => (share === null ? '–' : percent(share))
  return text(before) === text(after)
    ? text(after)
    : html`${text(before)} <span class="arrow">→</span> ${text(after)}`
}

/** A chip says its action in words and by a sign of its own, so that nothing hangs on colour. */
function chip(action: PageAction | null): Markup {
  if (action === null) return html`<span class="chip none">–</span>`
  return html`<span class="chip ${action}">${sign(action)}${both(ACTIONS[action])}</span>`
}

const SIGNS: Readonly<Record<PageAction, string>> = { maintain: '✓', watch: '◆', retrain: '▲', repair: '✕' }

function sign(action: PageAction): Markup {
  return html`<span class="sign" aria-hidden="true">${SIGNS[action]}</span>`
}

function card(label: Words, value: Content): Markup {
  return html`<div><dt>${both(label)}</dt><dd>${value}</dd></div>`
}

function heading(key: string, label: Words, isNumber = false): Markup {
  return html`<th scope="col" data-key="${key}"${isNumber && html` class="number"`}>${both(label)}</th>`
}

/** Options hold plain text alone, so the script changes theirs with the language. */
function option(value: string, { en, ko }: Words): Markup {
  return html`<option value="${value}" data-en="${en}" data-ko="${ko}">${en}</option>`
}

function radio(name: string, value: string, isChecked: boolean, label: Content): Markup {
  return html`<label><input type="radio" name="${name}" value="${value}"${isChecked && html` checked`}><span>${label}</span></label>`
}

function missingShare({ rows, columns }: Profile): number {
  const cells = rows * columns.length
  return cells === 0 ? 0 : columns.reduce((sum, { missing }) => sum + missing, 0) / cells
}
