import type { SignatureColumn } from './read-model-folder.ts'

/** What `MLmodel` says of the example (`mlflow/models/utils.py`, `_Example`). */
export const EXAMPLE_INFO = {
  artifact_path: 'input_example.json',
  pandas_orient: 'split',
  serving_input_path: 'serving_input_example.json',
  type: 'dataframe',
}

/**
 * Rows as MLflow 3 writes a data frame that was given as input example: one file for `Model.load_input_example`, one
 * as the body of a request to `/invocations`. As Python writes them, so that pandas reads the types back: a whole
 * number is `1.0`, and a missing one a bare `NaN`, which is not JSON.
 */
export function writeExample(
  columns: readonly SignatureColumn[],
  rows: readonly ArrayLike<number>[],
): [string, Uint8Array][] {
  const frame = {
    columns: columns.map(({ name }) => JSON.stringify(name)),
    data: rows.map((row) => columns.map((_, column) => pythonFloat(row[column] ?? Number.NaN))),
  }
  const encoder = new TextEncoder()
  return [
    [EXAMPLE_INFO.artifact_path, encoder.encode(onOneLine(frame))],
    [EXAMPLE_INFO.serving_input_path, encoder.encode(indented(frame))],
  ]
}

/** A data frame as `json.dumps` takes it; names and numbers are texts of JSON already. */
interface Frame {
  readonly columns: readonly string[]
  readonly data: readonly (readonly string[])[]
}

function onOneLine({ columns, data }: Frame): string {
  const rows = data.map((row) => `[${row.join(', ')}]`)
  return `{"columns": [${columns.join(', ')}], "data": [${rows.join(', ')}]}`
}

function indented({ columns, data }: Frame): string {
  const list = (items: readonly string[], indent: string): string =>
    `[\n${items.map((item) => `${indent}  ${item}`).join(',\n')}\n${indent}]`
  const rows = data.map((row) => list(row, '      '))
  return `{\n  "dataframe_split": {\n    "columns": ${list(columns, '    ')},\n    "data": ${list(rows, '    ')}\n  }\n}`
}

/** Python's spelling of a float: `1.0`, `0.5`, `NaN`, `Infinity`. */
function pythonFloat(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value)
}
