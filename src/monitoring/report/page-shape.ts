// What the page's script reads: data in the page as JSON. No imports, since the browser's project reads it too.

export interface TwoLanguages {
  readonly en: string
  readonly ko: string
}

/** A text as it is, in both languages, or by the name of its label. */
export type ScriptText = string | TwoLanguages | { readonly label: string }

/** What the script knows of a column. Rows in the table and columns here have one order: by falling rank. */
export interface ScriptColumn {
  readonly name: string
  readonly type: 'num' | 'cat' | 'datetime'
  readonly drifted: boolean
  readonly importance: number | null
  readonly score: number | null
  readonly psi: number | null
  readonly method: string
  readonly band: string | null
  readonly action: string | null
  readonly missing: number | null
  readonly finding: ScriptText
  /** The kinds of its findings that drifted or are faults. */
  readonly kinds: readonly string[]
  /** Each finding in words, with its figures. */
  readonly findings: readonly ScriptFinding[]
  /** The bins, missing values last; null where there is no common distribution. */
  readonly bins: ScriptBins | null
  /** Label by name, and values on both sides. */
  readonly statistics: readonly (readonly [label: string, reference: string, current: string])[]
}

export interface ScriptFinding {
  readonly kind: string
  readonly text: ScriptText
  readonly drifted: boolean
  /** Score, threshold, p-value and q-value; null where it has none. */
  readonly figures: readonly (string | null)[]
}

export interface ScriptBins {
  readonly labels: readonly ScriptText[]
  readonly reference: readonly number[]
  readonly current: readonly number[]
}

export interface ScriptData {
  readonly labels: Readonly<Record<string, TwoLanguages>>
  readonly columns: readonly ScriptColumn[]
}
