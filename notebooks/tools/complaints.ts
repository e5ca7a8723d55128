import type { SourceCell } from './read-source.ts'
import type { Variant } from './to-notebook.ts'

/**
 * What is wrong with how a notebook ran. Solved, nothing may fail. Unsolved or mistaken, every checkpoint must fail, by
 * an assertion that begins with `체크포인트 n:`, and nothing else may; to a mistake it must say the hint.
 */
export function complaints(
  cells: readonly SourceCell[],
  variant: Variant,
  errors: ReadonlyMap<string, string>,
): string[] {
  const wrong: string[] = []
  const due = new Map<string, SourceCell>()
  if (variant !== 'solved')
    for (const cell of cells)
      if (cell.role === 'checkpoint') due.set(`checkpoint-${cell.exercise}`, cell)
  for (const [id, message] of errors) if (!due.has(id)) wrong.push(`${id} failed: ${message}`)
  for (const [id, { exercise }] of due) {
    const message = errors.get(id)
    if (message === undefined) wrong.push(`${id} passed`)
    else if (!message.startsWith(`AssertionError: 체크포인트 ${exercise}: `))
      wrong.push(`${id} is no hint: ${message}`)
    else if (variant === 'mistaken') {
      const hint = cells.find((cell) => cell.role === 'mistake' && cell.exercise === exercise)?.hint
      if (hint === undefined) wrong.push(`${id}: no mistake with a hint is there to try it with`)
      else if (!message.includes(hint)) wrong.push(`${id} does not say "${hint}" but: ${message}`)
    }
  }
  return wrong
}
