/** @type {import('./page-shape.ts').ScriptData} */
export const data = JSON.parse(byId('data').textContent ?? '')

/**
 * The element of an id that the page surely has.
 * @param {string} id
 */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id))
}

/**
 * An element with attributes and children; texts become text, never markup.
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(string | Node)} children
 */
export function element(tag, attributes, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

/**
 * A text in both languages, of which the style shows one; a plain text as it is.
 * @param {import('./page-shape.ts').ScriptText} words
 * @returns {string | Node}
 */
export function say(words) {
  if (typeof words === 'string') return words
  if ('label' in words) return label(words.label)
  return element(
    'span',
    {},
    element('span', { lang: 'en' }, words.en),
    element('span', { lang: 'ko' }, words.ko),
  )
}

/**
 * A label of the page in both languages.
 * @param {string} key
 * @returns {string | Node}
 */
export function label(key) {
  return say(data.labels[key] ?? key)
}

/**
 * A real button around what was only text before the script ran.
 * @param {Element} text
 * @param {() => void} press
 */
export function makeButton(text, press) {
  const button = element('button', { type: 'button' }, ...text.childNodes)
  button.addEventListener('click', press)
  text.append(button)
  return button
}
