/** Markup that may stand in a page as it is; anything else is escaped. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What can be written into markup; null and false write nothing. */
export type Content = string | number | Markup | null | false | readonly Content[]

/** One text in the two languages of the page. */
export interface Words {
  readonly en: string
  readonly ko: string
}

export type Lang = keyof Words

/**
 * Markup from a template: every text put into it is escaped for an element or a quoted attribute.
 *
 * @example
 * html`<b title="${'"'}">${'<i>'}</b>`.text // '<b title="&quot;">&lt;i&gt;</b>'
 */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.map((part, i) => (i === 0 ? '' : written(contents[i - 1]!)) + part).join(''))
}

/** A text in both languages; the style sheet shows the one of the page. */
export function both({ en, ko }: Words): Markup {
  return html`<span lang="en">${en}</span><span lang="ko">${ko}</span>`
}

/**
 * Data for a script, which no text in them can end.
 *
 * @example
 * jsonBlock({ name: '</script>' }).text // '{"name":"\\u003c/script>"}'
 */
export function jsonBlock(data: unknown): Markup {
  return new Markup(JSON.stringify(data).replaceAll('<', '\\u003c'))
}

function written(content: Content): string {
  if (content === null || content === false) return ''
  if (content instanceof Markup) return content.text
  if (typeof content === 'object') return content.map(written).join('')
  return escapeHtml(String(content))
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
