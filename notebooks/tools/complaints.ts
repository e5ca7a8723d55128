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
  const checkpoints = variant === 'solved' ? [] : cells.filter(({ role }) => role === 'checkpoint')
  const due = new Map(checkpoints.map(({ exercise }) => [`checkpoint-${exercise}`, exercise]))
  const failed = [...errors].filter(([id]) => !due.has(id))
  const hintOf = (exercise: number | undefined) =>
    cells.find((cell) => cell.role === 'mistake' && cell.exercise === exercise)?.hint
  return [
    ...failed.map(([id, message]) => `${id} failed: ${message}`),
    ...[...due].flatMap(([id, exercise]) => {
      const message = errors.get(id)
      if (message === undefined) return [`${id} passed`]
      if (!message.startsWith(`AssertionError: 체크포인트 ${exercise}: `))
        return [`${id} is no hint: ${message}`]
      return variant === 'mistaken' ? unheard(id, message, hintOf(exercise)) : []
    }),
  ]
}

function unheard(id: string, message: string, hint: string | undefined): string[] {
  if (hint === undefined) return [`${id}: no mistake with a hint is there to try it with`]
  return message.includes(hint) ? [] : [`${id} does not say "${hint}" but: ${message}`]
}
