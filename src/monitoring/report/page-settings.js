import { data } from './page-elements.js'

const root = document.documentElement

document.getElementById('without-script')?.setAttribute('hidden', '')
for (const part of document.querySelectorAll('.settings, .tools')) part.removeAttribute('hidden')

for (const set of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-setting]'))) {
  set.addEventListener('change', (event) => {
    const { value } = /** @type {HTMLInputElement} */ (event.target)
    if (set.dataset['setting'] === 'lang') setLanguage(value)
    else root.dataset['theme'] = value
  })
}
setLanguage(root.lang)

/** @returns {'en' | 'ko'} */
export function language() {
  return root.lang === 'ko' ? 'ko' : 'en'
}

/**
 * Most texts are there twice and the style shows one; options, names of controls and the title are set here.
 * @param {string} lang
 */
function setLanguage(lang) {
  root.lang = lang
  for (const option of document.querySelectorAll('option')) {
    option.textContent = option.dataset[language()] ?? option.textContent
  }
  const [report, verdict] = [data.labels['report'], document.querySelector(`h1 [lang=${language()}]`)]
  document.title = `${report?.[language()]}: ${verdict?.textContent}`
  document.getElementById('shown')?.dispatchEvent(new Event('language'))
}
