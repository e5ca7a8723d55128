import { requireRun } from './active-run.ts'
import type { ArtifactSource, ArtifactSources } from './artifact-client.ts'
import { joinUri } from './artifact-uri.ts'
import { chosenClient, experimentOfRuns } from './fluent-state.ts'
import type { LoggedTable, TableInput } from './logged-table.ts'

/**
 * Writes one file, or a folder, below the active run's artifact folder.
 *
 * @example
 * const keep = () => logArtifact('plot.png')
 * const keepIn = () => logArtifact({ localPath: 'plot.png', artifactPath: 'plots' })
 * const note = () => logArtifact({ path: 'notes/a.txt', data: 'text' })
 */
export async function logArtifact(source: ArtifactSource): Promise<void> {
  const { client, runId } = requireRun()
  await client.logArtifact(runId, source)
}

/**
 * Writes all files below a local folder, or of a map from paths to contents.
 *
 * @example
 * const keep = () => logArtifacts('reports')
 */
export async function logArtifacts(sources: ArtifactSources): Promise<void> {
  const { client, runId } = requireRun()
  await client.logArtifacts(runId, sources)
}

/**
 * Writes a text to a file of the active run.
 *
 * @example
 * const note = () => logText('looks good', 'notes/review.txt')
 */
export async function logText(text: string, artifactFile: string): Promise<void> {
  const { client, runId } = requireRun()
  await client.logText(runId, { text, artifactFile })
}

/**
 * Writes an object to a file of the active run: as YAML where its name ends in `.yml` or `.yaml`, else as JSON.
 *
 * @example
 * const keep = () => logDict({ threshold: 0.18 }, 'policy.yaml')
 */
export async function logDict(dictionary: object, artifactFile: string): Promise<void> {
  const { client, runId } = requireRun()
  await client.logDict(runId, { dictionary, artifactFile })
}

/**
 * Writes a picture that is drawn already: the text of an SVG, or the bytes of a PNG.
 *
 * @example
 * const draw = () => logFigure('<svg xmlns="http://www.w3.org/2000/svg"/>', 'curve.svg')
 */
export async function logFigure(figure: string | Uint8Array, artifactFile: string): Promise<void> {
  const { client, runId } = requireRun()
  await client.logFigure(runId, { figure, artifactFile })
}

/**
 * Writes a table as JSON that `mlflow.load_table` reads, or appends to the one that is there.
 *
 * @example
 * const keep = () => logTable({ id: [1, 2], score: [0.1, 0.9] }, 'eval.json')
 */
export async function logTable(data: TableInput, artifactFile: string): Promise<void> {
  const { client, runId } = requireRun()
  await client.logTable(runId, { data, artifactFile })
}

/**
 * The rows that the runs of the chosen experiment logged under a name; see `MlflowClient.loadTable`.
 *
 * @example
 * const compare = () => loadTable('eval.json', { extraColumns: ['runId', 'params.max_depth'] })
 */
export async function loadTable(
  artifactFile: string,
  options: { readonly runIds?: readonly string[]; readonly extraColumns?: readonly string[] } = {},
): Promise<LoggedTable> {
  return chosenClient().loadTable({ experimentId: await experimentOfRuns(), artifactFile, ...options })
}

/**
 * Where the active run's artifacts lie, or one of them.
 *
 * @example
 * const where = () => getArtifactUri('model')
 */
export function getArtifactUri(artifactPath = ''): string {
  return joinUri(requireRun().run.info.artifactUri ?? '', artifactPath)
}
