import { Command } from 'commander'
import { type CliContext, type CommonOptions, withCommonOptions } from './context.ts'
import { compareCommand } from './runs-compare.ts'
import { exportCommand, listCommand } from './runs-list.ts'
import { onTracking } from './session.ts'
import { plainText, textTable } from './text.ts'

/** `fds runs`: what was tracked. */
export function runsCommand(context: CliContext): Command {
  const command = new Command('runs').description('tracked runs: list, look at, compare, export, delete')
  const children = [
    listCommand,
    showCommand,
    compareCommand,
    exportCommand,
    deleteCommand,
    restoreCommand,
    experimentsCommand,
  ]
  for (const create of children) command.addCommand(create(context))
  return command
}

function showCommand(context: CliContext): Command {
  const command = new Command('show').description('one run: parameters, metrics, tags').argument('<run-id>')
  return withCommonOptions(command, 'fds runs show 0199f0c2…').action(
    (runId: string, options: CommonOptions) =>
      onTracking(context, options, async (client) => {
        const { runRecord } = await import('../pipeline/export-runs.ts')
        const record = runRecord(await client.getRun(runId))
        const { params, metrics, tags, datasets, models, ...attributes } = record
        const rows = [
          ...rowsOf('', attributes),
          ...rowsOf('params.', params),
          ...rowsOf('metrics.', metrics),
          ...rowsOf('tags.', tags),
          ...datasets.map(({ name, digest }) => ['dataset', `${name} ${digest}`]),
          ...models.map((model) => ['model', `models:/${model}`]),
        ]
        return [record, () => textTable(['name', 'value'], rows)]
      }),
  )
}

function rowsOf(prefix: string, values: object): string[][] {
  return Object.entries(values).map(([key, value]) => [prefix + key, plainText(value)])
}

function deleteCommand(context: CliContext): Command {
  const command = new Command('delete')
    .description('delete runs; restore brings them back')
    .argument('<run-id...>')
  return withCommonOptions(command, 'fds runs delete 0199f0c2…').action(
    (runIds: readonly string[], options: CommonOptions) =>
      onTracking(context, options, async (client) => {
        for (const runId of runIds) await client.deleteRun(runId)
        return [{ deleted: runIds }, () => `deleted ${runIds.join(', ')}`]
      }),
  )
}

function restoreCommand(context: CliContext): Command {
  const command = new Command('restore').description('bring deleted runs back').argument('<run-id...>')
  return withCommonOptions(command, 'fds runs restore 0199f0c2…').action(
    (runIds: readonly string[], options: CommonOptions) =>
      onTracking(context, options, async (client) => {
        for (const runId of runIds) await client.restoreRun(runId)
        return [{ restored: runIds }, () => `restored ${runIds.join(', ')}`]
      }),
  )
}

interface ExperimentsOptions extends CommonOptions {
  readonly all?: boolean
}

function experimentsCommand(context: CliContext): Command {
  const command = new Command('experiments')
    .description('every experiment')
    .option('--all', 'deleted ones too')
  return withCommonOptions(command, 'fds runs experiments').action((options: ExperimentsOptions) =>
    onTracking(context, options, async (client) => {
      const { listExperiments } = await import('../pipeline/find-runs.ts')
      const found = await listExperiments(client, options.all ? 'ALL' : 'ACTIVE_ONLY')
      const records = found.map((experiment) => ({
        experiment_id: experiment.experimentId,
        name: experiment.name,
        lifecycle_stage: experiment.lifecycleStage,
        tags: experiment.tags,
      }))
      const rows = records.map(({ experiment_id, name, lifecycle_stage }) => [
        experiment_id,
        name,
        lifecycle_stage,
      ])
      return [records, () => textTable(['id', 'name', 'stage'], rows)]
    }),
  )
}
