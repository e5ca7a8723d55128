import assert from 'node:assert/strict'

/** Whether every tag closes in turn and text and attributes hold nothing raw: what a parser of XML asks. */
export function assertWellFormed(svg: string): void {
  const open: string[] = []
  const rest = svg.replace(
    /<(\/?)([a-zA-Z]+)((?: [\w:-]+="[^"<]*")*) ?(\/?)>/g,
    (_, closing, name, __, single) => {
      if (closing) assert.equal(open.pop(), name)
      else if (!single) open.push(name)
      return ''
    },
  )
  assert.equal(open.length, 0)
  assert.doesNotMatch(rest, /[<>]|&(?!(?:lt|gt|amp|quot|apos|#39|#\d+);)/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
  assert.doesNotMatch(svg, /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/)
  assert.ok(svg.isWellFormed())
}
