/** What a cell is for, as its metadata say; a mistake is for the tests alone and never reaches a notebook. */
export const ROLES = [
  'title',
  'imports',
  'concept',
  'example',
  'exercise',
  'todo',
  'solution',
  'mistake',
  'checkpoint',
  'summary',
] as const
export type Role = (typeof ROLES)[number]

/** One cell of a notebook's source. */
export interface SourceCell {
  readonly role: Role
  /** Which exercise it belongs to: of an exercise, todo, solution, mistake and checkpoint. */
  readonly exercise?: number
  /** What the checkpoint's message says to a mistake, in part. */
  readonly hint?: string
  /** Markdown of a cell of text, else TypeScript. */
  readonly source: string
}

const TEXT_ROLES: ReadonlySet<Role> = new Set(['title', 'concept', 'exercise', 'summary'])
const MARKER = /^\/\/ %% (\w+)(?: (\d+))?(?:: (.+))?$/
const TEXT = /^\/\*\n([\s\S]*)\n\*\/$/

/** Whether a cell of that role is Markdown. */
export function isText(role: Role): boolean {
  return TEXT_ROLES.has(role)
}

/**
 * The cells of a notebook's source, a TypeScript module in which `// %% role exercise: hint` begins a cell and a cell of
 * text is one block comment. Throws with the line of a marker or a text that cannot be read.
 */
export function readSource(text: string): SourceCell[] {
  const cells: SourceCell[] = []
  const lines = text.trimEnd().split('\n')
  const starts = lines.flatMap((line, at) => (line.startsWith('// %%') ? [at] : []))
  if (starts[0] !== 0) throw new Error('line 1: a source begins with a cell, // %% title')
  for (const [index, start] of starts.entries()) {
    const body = lines.slice(start + 1, starts[index + 1]).join('\n')
    cells.push(toCell(lines[start]!, body.trim(), start + 1))
  }
  return cells
}

function toCell(marker: string, body: string, line: number): SourceCell {
  const [, name, exercise, hint] = MARKER.exec(marker) ?? []
  const role = ROLES.find((known) => known === name)
  if (role === undefined)
    throw new Error(`line ${line}: // %% and one of ${ROLES.join(', ')}, not: ${marker}`)
  const source = isText(role) ? TEXT.exec(body)?.[1] : body
  if (!source)
    throw new Error(
      `line ${line}: ${role} must hold ${isText(role) ? 'one block comment' : 'code'}`,
    )
  return {
    role,
    ...(exercise !== undefined && { exercise: Number(exercise) }),
    ...(hint !== undefined && { hint }),
    source,
  }
}
