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
 * @param {import('./page-shape.ts').ScriptText} text
 * @returns {string | Node}
 */
export function say(text) {
  if (typeof text === 'string') return text
  const { en, ko } = wordsOf(text)
  return element('span', {}, element('span', { lang: 'en' }, en), element('span', { lang: 'ko' }, ko))
}

/**
 * A label of the page in both languages.
 * @param {string} key
 */
export function label(key) {
  return say({ label: key })
}

/**
 * @param {import('./page-shape.ts').ScriptText} text
 * @returns {import('./page-shape.ts').TwoLanguages}
 */
export function wordsOf(text) {
  if (typeof text === 'string') return { en: text, ko: text }
  return 'label' in text ? wordsOf(data.labels[text.label] ?? text.label) : text
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
