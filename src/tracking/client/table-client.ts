import { FdsError } from '../../errors.ts'
import { ArtifactClient } from './artifact-client.ts'
import type { Run } from './entities.ts'
import {
  appendTable,
  decodeTable,
  encodeTable,
  type LoggedTable,
  type TableInput,
  tableOf,
} from './logged-table.ts'
import { eachItem } from './tracking-client.ts'

/** The part of `MlflowClient` that keeps tables in artifacts, as `mlflow.log_table` and `load_table` do. */
export class TableClient extends ArtifactClient {
  /**
   * Writes a table as a JSON file that `mlflow.load_table` reads, or appends its rows to the file that is there: two
   * that append at once may lose one's rows. The tag `mlflow.loggedArtifacts` names the file. USAGE unless the name
   * ends in `.json`.
   */
  async logTable(runId: string, file: { data: TableInput; artifactFile: string }): Promise<void> {
    const { data, artifactFile } = file
    if (!artifactFile.endsWith('.json')) throw new FdsError('USAGE', { reason: onlyJson(artifactFile) })
    const before = await this.#table(runId, artifactFile)
    const table = before ? appendTable(before, tableOf(data)) : tableOf(data)
    await this.logArtifact(runId, { path: artifactFile, data: encodeTable(table) })
    await this.#tagTable(runId, artifactFile)
  }

  /**
   * The rows that runs of an experiment logged under a name, of all its runs or of `runIds`, in the order of the
   * search. `extraColumns` adds what the run says, such as `runId`, `status`, `params.depth` or `metrics.auc`; a
   * column of that name gets an underscore. USAGE where no run has the table.
   */
  async loadTable(query: {
    experimentId: string
    artifactFile: string
    runIds?: readonly string[]
    extraColumns?: readonly string[]
  }): Promise<LoggedTable> {
    const { extraColumns = [], artifactFile } = query
    let found: LoggedTable | undefined
    for await (const run of eachItem((pageToken) => this.searchRuns({ ...searchOf(query), pageToken }))) {
      const table = await this.#table(run.info.runId, artifactFile)
      if (!table) continue
      const rows = withColumns(table, extraColumns, run)
      found = found ? appendTable(found, rows) : rows
    }
    if (found) return found
    throw new FdsError('USAGE', {
      reason: `No run of experiment ${query.experimentId} has the table ${artifactFile}`,
    })
  }

  async #table(runId: string, path: string): Promise<LoggedTable | undefined> {
    const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : undefined
    const files = await this.listArtifacts(runId, parent)
    if (!files.some((file) => file.path === path)) return undefined
    return decodeTable(new TextDecoder().decode(await this.downloadArtifact(runId, path)), path)
  }

  async #tagTable(runId: string, path: string): Promise<void> {
    const value = (await this.getRun(runId)).data.tags[LOGGED_ARTIFACTS]
    const known = (value === undefined ? [] : JSON.parse(value)) as { path: string; type: string }[]
    if (known.some((entry) => entry.path === path && entry.type === 'table')) return
    const tag = JSON.stringify([...known, { path, type: 'table' }])
    await this.setTag(runId, { key: LOGGED_ARTIFACTS, value: tag })
  }
}

const LOGGED_ARTIFACTS = 'mlflow.loggedArtifacts'

type TableQuery = Parameters<TableClient['loadTable']>[0]

/** The filter of `mlflow.load_table`; a quote, which the language cannot write, is left to any character. */
function searchOf({ experimentId, artifactFile, runIds }: TableQuery): {
  experimentIds: string[]
  filter: string
} {
  const entry = `%"path"%:%"${artifactFile.replaceAll("'", '_')}",%"type"%:%"table"%`
  const ids = runIds?.map((runId) => `'${runId}'`).join(', ')
  const among = ids === undefined ? '' : ` AND attributes.run_id IN (${ids})`
  return { experimentIds: [experimentId], filter: `tags.${LOGGED_ARTIFACTS} LIKE '${entry}'${among}` }
}

function withColumns(table: LoggedTable, names: readonly string[], run: Run): LoggedTable {
  const columns = [
    ...table.columns,
    ...names.map((name) => (table.columns.includes(name) ? `${name}_` : name)),
  ]
  const values = names.map((name) => runValue(run, name))
  return { columns, data: table.data.map((row) => [...row, ...values]) }
}

/** `runId`, `status` and the like of the run itself, or `metrics.…`, `params.…`, `tags.…`; null where it has none. */
function runValue({ info, data }: Run, name: string): unknown {
  const [, kind, key] = /^(metrics|params|tags)\.(.+)$/s.exec(name) ?? []
  if (kind !== undefined) return data[kind as keyof typeof data][key!] ?? null
  return (info as unknown as Readonly<Record<string, unknown>>)[name] ?? null
}

function onlyJson(file: string): string {
  return `A table must go to a file with the extension .json, got ${file}`
}
