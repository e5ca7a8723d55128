import { openDetail } from './page-detail.js'
import { byId, data, makeButton, wordsOf } from './page-elements.js'
import { language } from './page-settings.js'

const table = byId('columns')
const body = /** @type {HTMLTableSectionElement} */ (table.querySelector('tbody'))
const rows = [...body.rows]
const headings = /** @type {HTMLElement[]} */ ([...table.querySelectorAll('th[data-key]')])
const [search, type, finding, drifted] = ['search', 'type', 'finding', 'drifted'].map(
  (id) => /** @type {HTMLInputElement} */ (byId(id)),
)
const texts = data.columns.map(({ name, finding }) => {
  const { en, ko } = wordsOf(finding)
  return `${name}\n${en}\n${ko}`.toLowerCase()
})
/** @type {(string | null)[]} */
const GRAVITY = [null, 'maintain', 'watch', 'retrain', 'repair']
let order = rows.map((_, i) => i)
let sorting = { key: 'rank', isFalling: false }

for (const heading of headings) makeButton(heading, () => sortBy(heading.dataset['key'] ?? 'rank'))
for (const name of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-column]'))) {
  const button = makeButton(name, () => openDetail(Number(name.dataset['column']), shownOrder()))
  button.setAttribute('aria-haspopup', 'dialog')
}
for (const control of [search, type, finding, drifted]) control?.addEventListener('input', filter)
byId('clear').addEventListener('click', clear)
byId('shown').addEventListener('language', sayShown)
markSorting()
filter()

/** Numbers fall at first, names and ranks rise; the same heading again turns the order. @param {string} key */
function sortBy(key) {
  const isText = key === 'rank' || key === 'name' || key === 'finding'
  sorting = { key, isFalling: sorting.key === key ? !sorting.isFalling : !isText }
  const turn = sorting.isFalling ? -1 : 1
  order = rows.map((_, i) => i).sort((a, b) => compare(a, b, turn))
  body.append(...order.map((i) => /** @type {HTMLTableRowElement} */ (rows[i])))
  markSorting()
}

/**
 * Rows without a value come last either way; equal ones stay in the order of their ranks.
 * @param {number} a
 * @param {number} b
 * @param {number} turn
 */
function compare(a, b, turn) {
  const byMethod = sorting.key === 'score' ? methodOf(a).localeCompare(methodOf(b)) : 0
  const [x, y] = [valueIn(a), valueIn(b)]
  if (x === null || y === null) return Number(x === null) - Number(y === null) || a - b
  const difference =
    typeof x === 'string' ? x.localeCompare(String(y), language(), { numeric: true }) : x - Number(y)
  return byMethod || turn * difference || a - b
}

/** Scores of different methods have no common order. @param {number} i */
function methodOf(i) {
  return data.columns[i]?.method ?? ''
}

/**
 * @param {number} i
 * @returns {string | number | null}
 */
function valueIn(i) {
  const column = data.columns[i]
  if (!column || sorting.key === 'rank') return i
  if (sorting.key === 'name') return column.name
  if (sorting.key === 'finding') return wordsOf(column.finding)[language()]
  if (sorting.key === 'importance') return column.importance
  if (sorting.key === 'psi') return column.psi
  if (sorting.key === 'score') return column.score
  if (sorting.key === 'missing') return column.missing
  return GRAVITY.indexOf(column.action)
}

function markSorting() {
  for (const heading of headings) {
    const isSorted = heading.dataset['key'] === sorting.key
    heading.setAttribute('aria-sort', isSorted ? (sorting.isFalling ? 'descending' : 'ascending') : 'none')
  }
}

function filter() {
  const words = (search?.value ?? '').toLowerCase().split(/\s+/)
  data.columns.forEach((column, i) => {
    const isShown =
      words.every((word) => texts[i]?.includes(word)) &&
      (type?.value === '' || column.type === type?.value) &&
      (finding?.value === '' || column.kinds.includes(finding?.value ?? '')) &&
      (!drifted?.checked || column.drifted)
    rows[i]?.classList.toggle('filtered', !isShown)
  })
  sayShown()
}

function clear() {
  for (const control of [search, type, finding]) if (control) control.value = ''
  if (drifted) drifted.checked = false
  filter()
  search?.focus()
}

function shownOrder() {
  return order.filter((i) => !rows[i]?.classList.contains('filtered'))
}

function sayShown() {
  const count = shownOrder().length
  byId('shown').textContent =
    language() === 'ko' ? `${rows.length}개 중 ${count}개 표시` : `${count} of ${rows.length} columns`
  byId('nothing').hidden = count > 0
}
