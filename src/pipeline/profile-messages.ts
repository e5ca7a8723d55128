import type { ColumnProfile } from '../monitoring/index.ts'

/** What ends a thread. */
export const CLOSE = 'close'

/** What a thread answers; an `FdsError` crosses threads by its code and details. */
export type ProfileAnswer =
  | { readonly columns: readonly ColumnProfile[] }
  | { readonly code: string; readonly details: unknown }
  | { readonly failure: unknown }
