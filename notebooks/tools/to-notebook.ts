import { isText, type SourceCell } from './read-source.ts'

/** With the solutions; without them, as who solves nothing leaves them; with a mistake in place of each. */
export type Variant = 'solved' | 'unsolved' | 'mistaken'

/** A cell as Jupyter's format 4.5 holds it. */
export interface NotebookCell {
  readonly id: string
  readonly cell_type: 'code' | 'markdown'
  readonly metadata: { readonly fds: { readonly role: string; readonly exercise?: number } }
  /** Text, or its lines as the file has them. */
  readonly source: string | readonly string[]
  readonly outputs?: readonly Output[]
  readonly execution_count?: number | null
}

/** What a cell of code gave: something shown, a stream or an error. */
export interface Output {
  readonly output_type: 'display_data' | 'execute_result' | 'stream' | 'error'
  readonly data?: Readonly<Record<string, string | readonly string[]>>
  readonly text?: string | readonly string[]
  readonly ename?: string
  readonly evalue?: string
}

export interface Notebook {
  readonly cells: readonly NotebookCell[]
  readonly metadata: object
  readonly nbformat: 4
  readonly nbformat_minor: 5
}

const DROPPED: Readonly<Record<Variant, readonly string[]>> = {
  solved: ['mistake'],
  unsolved: ['solution', 'mistake'],
  mistaken: ['solution'],
}

/** A notebook without outputs for Deno's kernel. Its cells' ids stay when other cells change. */
export function toNotebook(cells: readonly SourceCell[], variant: Variant): Notebook {
  const seen = new Map<string, number>()
  const kept = cells.filter(({ role }) => !DROPPED[variant].includes(role))
  return {
    cells: kept.map((cell) => toCell(cell, idOf(cell, seen))),
    metadata: { kernelspec: { name: 'deno', display_name: 'Deno', language: 'typescript' } },
    nbformat: 4,
    nbformat_minor: 5,
  }
}

function toCell({ role, exercise, source }: SourceCell, id: string): NotebookCell {
  const fds = { role, ...(exercise !== undefined && { exercise }) }
  if (isText(role)) return { id, cell_type: 'markdown', metadata: { fds }, source }
  const folded = role === 'solution' && { jupyter: { source_hidden: true } }
  return {
    id,
    cell_type: 'code',
    metadata: { fds, ...folded },
    source,
    outputs: [],
    execution_count: null,
  }
}

/** Such as `concept-2` for the second concept and `todo-3` for the todo of exercise 3. */
function idOf({ role, exercise }: SourceCell, seen: Map<string, number>): string {
  if (exercise !== undefined) return `${role}-${exercise}`
  const count = (seen.get(role) ?? 0) + 1
  seen.set(role, count)
  return `${role}-${count}`
}
