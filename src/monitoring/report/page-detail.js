import { byId, data, element, label, say } from './page-elements.js'

const dialog = /** @type {HTMLDialogElement} */ (byId('detail'))
let unit = 'share'

/**
 * Opens the details of a column. The buttons inside step through `order`, the rows that the table shows.
 * @param {number} index
 * @param {readonly number[]} order
 */
export function openDetail(index, order) {
  const column = data.columns[index]
  if (!column) return
  dialog.replaceChildren(
    detailHead(index, order),
    element('p', { class: 'lead' }, say(column.finding)),
    distribution(column),
    statistics(column),
    findings(column),
  )
  if (!dialog.open) dialog.showModal()
  dialog.scrollTop = 0
}

dialog.addEventListener('click', (event) => {
  if (event.target === dialog) dialog.close()
})

/**
 * @param {number} index
 * @param {readonly number[]} order
 */
function detailHead(index, order) {
  const at = order.indexOf(index)
  /** @type {(key: string, sign: string, to: number | undefined) => HTMLElement} */
  const step = (key, sign, to) => {
    const button = element(
      'button',
      { type: 'button', class: key },
      element('span', { class: 'unseen' }, label(key)),
      sign,
    )
    if (to === undefined) button.setAttribute('disabled', '')
    else
      button.addEventListener('click', () => {
        openDetail(to, order)
        const again = dialog.querySelector(`button.${key}:enabled`) ?? dialog.querySelector('button.close')
        if (again instanceof HTMLElement) again.focus()
      })
    return button
  }
  const close = element(
    'button',
    { type: 'button', class: 'close' },
    element('span', { class: 'unseen' }, label('close')),
    '✕',
  )
  close.addEventListener('click', () => dialog.close())
  const column = data.columns[index]
  const type = element('small', {}, label(column?.type ?? 'num'))
  return element(
    'div',
    { class: 'head' },
    element('h2', { id: 'detail-name' }, column?.name ?? '', ' ', type),
    step('previous', '‹', order[at - 1]),
    step('next', '›', at < 0 ? undefined : order[at + 1]),
    close,
  )
}

/**
 * Both sides bin by bin, as bars over one another and in figures.
 * @param {import('./page-shape.ts').ScriptColumn} column
 */
function distribution(column) {
  const { bins, type } = column
  if (!bins) return element('p', { class: 'soft' }, label('notDrawn'))
  const used = bins.labels.map((_, bin) => bin).filter((bin) => both(bins, bin) > 0)
  const shares = [sharesOf(bins.reference), sharesOf(bins.current)]
  const parts = partsOfPsi(bins, used)
  const body = element('tbody', {})
  const draw = () => {
    const sides = unit === 'share' ? shares : [bins.reference, bins.current]
    const most = Math.max(...used.flatMap((bin) => sides.map((side) => side[bin] ?? 0)))
    body.replaceChildren(
      ...used.map((bin) => {
        const [before, after] = sides.map((side) => side[bin] ?? 0)
        return element(
          'tr',
          bin === bins.labels.length - 1 ? { class: 'missing' } : {},
          element('th', { scope: 'row' }, say(bins.labels[bin] ?? '')),
          element('td', { class: 'bars' }, bars((before ?? 0) / most, (after ?? 0) / most)),
          element('td', { class: 'number' }, figure(before ?? 0)),
          element('td', { class: 'number' }, figure(after ?? 0)),
          element('td', { class: 'number' }, (parts[bin] ?? 0).toFixed(3)),
        )
      }),
    )
  }
  draw()
  /** @type {(key: string, className?: string) => HTMLElement} */
  const heading = (key, className = '') => element('th', { scope: 'col', class: className }, label(key))
  const head = element(
    'tr',
    {},
    heading(type === 'cat' ? 'category' : 'bin'),
    heading('distributions'),
    heading('reference', 'number'),
    heading('current', 'number'),
    heading('contribution', 'number'),
  )
  const table = element('table', { class: 'bins' }, element('thead', {}, head), body)
  return element('section', {}, unitChoice(draw), scrolling(table))
}

/** @param {() => void} redraw */
function unitChoice(redraw) {
  const choices = ['share', 'count'].map((key) => {
    const input = /** @type {HTMLInputElement} */ (
      element('input', { type: 'radio', name: 'unit', value: key })
    )
    input.checked = unit === key
    input.addEventListener('change', () => {
      unit = key
      redraw()
    })
    return element('label', {}, input, element('span', {}, label(key)))
  })
  return element('fieldset', {}, element('legend', { class: 'unseen' }, label('unit')), ...choices)
}

/**
 * The reference as a wide bar, the current one as a narrow bar over it.
 * @param {number} before
 * @param {number} after
 */
function bars(before, after) {
  const space = 'http://www.w3.org/2000/svg'
  const picture = document.createElementNS(space, 'svg')
  for (const [name, value] of [
    ['viewBox', '0 0 100 16'],
    ['preserveAspectRatio', 'none'],
    ['aria-hidden', 'true'],
  ]) {
    picture.setAttribute(String(name), String(value))
  }
  for (const [side, share, y, height] of /** @type {const} */ ([
    ['ref', before, 0, 16],
    ['cur', after, 4, 8],
  ])) {
    const bar = document.createElementNS(space, 'rect')
    bar.setAttribute('class', side)
    bar.setAttribute('y', String(y))
    bar.setAttribute('width', String(100 * share))
    bar.setAttribute('height', String(height))
    picture.append(bar)
  }
  return picture
}

/** @param {import('./page-shape.ts').ScriptColumn} column */
function statistics({ statistics: rows }) {
  if (rows.length === 0) return ''
  const head = element(
    'tr',
    {},
    element('th', { scope: 'col' }, label('statistics')),
    element('th', { scope: 'col', class: 'number' }, label('reference')),
    element('th', { scope: 'col', class: 'number' }, label('current')),
  )
  const body = rows.map(([words, before, after]) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, label(words)),
      element('td', { class: 'number' }, before),
      element('td', { class: 'number' }, after),
    ),
  )
  return scrolling(element('table', {}, element('thead', {}, head), element('tbody', {}, ...body)))
}

/** What is wider than a telephone, in a frame that the keyboard can scroll. @param {HTMLElement} table */
function scrolling(table) {
  const frame = { class: 'scroll', role: 'group', 'aria-labelledby': 'detail-name', tabindex: '0' }
  return element('div', frame, table)
}

/** @param {import('./page-shape.ts').ScriptColumn} column */
function findings(column) {
  if (column.findings.length === 0) return ''
  const items = column.findings.map((finding) => {
    const { kind, text, drifted } = finding
    const sign = element('span', { class: 'sign', 'aria-hidden': 'true' }, drifted ? '▲' : '✓')
    const rows = figuresOf(finding, column).map(([key, value]) =>
      element('div', {}, element('dt', {}, label(key)), element('dd', {}, say(value))),
    )
    return element(
      'li',
      drifted ? { class: 'drifted' } : {},
      element('h4', {}, sign, label(`kind.${kind}`)),
      element('p', {}, say(text)),
      element('dl', {}, ...rows),
    )
  })
  return element(
    'section',
    { class: 'findings' },
    element('h3', {}, label('findings')),
    element('ul', {}, ...items),
  )
}

/**
 * Names and values; those of the distribution say what its score means and asks for.
 * @param {import('./page-shape.ts').ScriptFinding} finding
 * @param {import('./page-shape.ts').ScriptColumn} column
 * @returns {[key: string, value: import('./page-shape.ts').ScriptText][]}
 */
function figuresOf({ kind, figures }, { method, band, action }) {
  const isDistribution = kind === 'distribution'
  /** @type {[string, import('./page-shape.ts').ScriptText | null | undefined][]} */
  const rows = [
    ['method', isDistribution ? method : null],
    ['score', figures[0]],
    ['threshold', figures[1]],
    ['pValue', figures[2]],
    ['qValue', figures[3]],
    ['band', isDistribution && band ? { label: `band.${band}` } : null],
    ['verdict', isDistribution && action ? { label: `action.${action}` } : null],
  ]
  return rows.flatMap(([key, value]) => (value ? [[key, value]] : []))
}

/** @param {readonly number[]} counts */
function sharesOf(counts) {
  const rows = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => (rows === 0 ? 0 : count / rows))
}

/**
 * What each bin adds to the index, with half a row a bin as the index has it.
 * @param {import('./page-shape.ts').ScriptBins} bins
 * @param {readonly number[]} used
 */
function partsOfPsi(bins, used) {
  const total = (/** @type {readonly number[]} */ side) =>
    used.reduce((sum, bin) => sum + (side[bin] ?? 0) + 0.5, 0)
  const [n, m] = [total(bins.reference), total(bins.current)]
  return bins.labels.map((_, bin) => {
    const [r, c] = [((bins.reference[bin] ?? 0) + 0.5) / n, ((bins.current[bin] ?? 0) + 0.5) / m]
    return (r - c) * Math.log(r / c)
  })
}

/**
 * @param {import('./page-shape.ts').ScriptBins} bins
 * @param {number} bin
 */
function both(bins, bin) {
  return (bins.reference[bin] ?? 0) + (bins.current[bin] ?? 0)
}

/** @param {number} value */
function figure(value) {
  return unit === 'share' ? `${(100 * value).toFixed(1)} %` : value.toLocaleString('en-US')
}
