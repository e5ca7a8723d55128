import { basename } from 'node:path'
import { Command, Option } from 'commander'
import { FdsError } from '../errors.ts'
import type { DataDriftOptions } from '../monitoring/index.ts'
import type { DriftOfFiles, FileDrift } from '../pipeline/drift-of-files.ts'
import { type CliContext, type CommonOptions, configFor, printResult, withCommonOptions } from './context.ts'
import { listOption, numberOption } from './options.ts'
import { withTracking } from './session.ts'
import { plainText, textTable } from './text.ts'

interface DriftOptions extends CommonOptions {
  readonly reference?: string
  readonly current: string
  readonly model?: string
  readonly mode: 'fds' | 'evidently'
  /** As given; the preset knows the names. */
  readonly method?: NonNullable<DataDriftOptions['method']>
  readonly columns?: readonly string[]
  readonly text?: readonly string[]
  readonly target?: string
  readonly prediction?: string
  readonly driftShare?: number
  readonly lang: 'en' | 'ko'
  readonly out?: string
  readonly notify: boolean
}

/** `fds drift`: how far the current data have moved from the reference; exit 1 when too far. */
export function driftCommand(context: CliContext): Command {
  const command = new Command('drift')
    .description(
      'compare current data with a reference, write the report, tell Slack and PagerDuty; exit 1 if they drifted',
    )
    .option('--reference <file>', 'what the model was trained on (default: the profile saved with --model)')
    .requiredOption('--current <file>', 'what it sees now')
    .option('--model <uri>', 'compare the inputs of this model, weighed by their importance')
    .addOption(
      new Option('--mode <mode>', 'whose choices and numbers').choices(['fds', 'evidently']).default('fds'),
    )
    .option('--method <name>', 'one method for every column: psi, ks, wasserstein, jensenshannon, …')
    .option('--columns <columns>', 'columns to compare, A,B (default: all)', listOption)
    .option('--text <columns>', 'columns of texts even where most values look like numbers, A,B', listOption)
    .option('--target <column>', 'column of the labels; left out while the current data have none')
    .option('--prediction <column>', 'column of the scores')
    .option(
      '--drift-share <share>',
      'pass while fewer columns drifted (default: no column may)',
      numberOption('--drift-share', { min: 0, max: 1 }),
    )
    .option(
      '--out <file>',
      'the report (default: reports/drift_report_YYYYMMDD.html, drift_alert_… on drift)',
    )
    .addOption(
      new Option('--lang <lang>', 'language that the report opens in').choices(['en', 'ko']).default('en'),
    )
    .option(
      '--no-notify',
      'tell nobody, even where FDS_SLACK_WEBHOOK_URL or FDS_PAGERDUTY_ROUTING_KEY is set',
    )
  return withCommonOptions(
    command,
    'fds drift --reference train.csv --current week.csv --out report.html',
  ).action((options: DriftOptions) => drift(context, options))
}

async function drift(context: CliContext, options: DriftOptions): Promise<void> {
  const { json: _, home: __, notify, model, reference, ...input } = options
  if (reference === undefined && model === undefined) {
    throw new FdsError('USAGE', { reason: 'there must be a --reference, or a --model with its profile' })
  }
  // an empty variable in a script must not pass for data without drift
  if (options.columns?.length === 0) throw new FdsError('USAGE', { reason: '--columns must name a column' })
  const { driftOfFiles } = await import('../pipeline/drift-of-files.ts')
  const found = await withTracking(context, options, async (openClient) => {
    const { loadModel } = await import('../pipeline/load-model.ts')
    const { loadModelProfile } = await import('../pipeline/profile-of-model.ts')
    return driftOfFiles({
      ...input,
      ...(model !== undefined && { model: await loadModel(model, openClient) }),
      reference: reference ?? (await loadModelProfile(model!, openClient)),
      now: context.now,
    })
  })
  const { answer } = found
  context.exitCode = answer.passed ? 0 : 1
  if (found.isTargetLate) {
    context.stderr.write(`not compared: ${options.target}, which the current data do not have yet\n`)
  }
  const result = notify ? { ...answer, notified: await tell(context, options, found) } : answer
  printResult(context, options, result, () => driftText(answer))
}

/** Sends the alerts that are configured; a channel that fails is a line, and changes no verdict. */
async function tell(
  context: CliContext,
  options: DriftOptions,
  found: FileDrift,
): Promise<readonly string[]> {
  const { sendDriftAlert } = await import('../pipeline/alert.ts')
  const { worstColumns } = await import('../pipeline/drift-of-files.ts')
  const config = configFor(context, options)
  const { reference, current, columns, model, mode } = options
  const { notified, failures } = await sendDriftAlert(
    {
      check: JSON.stringify([reference, model, mode, columns]),
      passed: found.answer.passed,
      driftShare: found.answer.drift_share,
      drifted: worstColumns(found),
      advice: found.answer.advice,
      reference: reference === undefined ? String(model) : basename(reference),
      current: basename(current),
      report: reportAddress(found.answer.report_path, config.reportUrl),
    },
    config,
    { now: context.now },
  )
  for (const failure of failures) context.stderr.write(`${failure}\n`)
  return notified
}

/** Where a browser finds the page, else its path. */
function reportAddress(path: string, folder: string | undefined): string {
  return folder === undefined ? path : `${folder.replace(/\/+$/, '')}/${encodeURIComponent(basename(path))}`
}

/** Rows that a person is shown; the report has them all. */
const SHOWN = 20

function driftText({ passed, drift_share, columns, advice, report_path }: DriftOfFiles): string {
  const ranked = columns.toSorted(
    (a, b) => Number(b.drifted) - Number(a.drifted) || (b.psi ?? 0) - (a.psi ?? 0),
  )
  const rows = ranked
    .slice(0, SHOWN)
    .map(({ name, drifted, score, action, message }) => [
      plainText(name),
      drifted ? 'DRIFT' : '',
      score === null ? '-' : score.toFixed(4),
      action ?? '-',
      plainText(message),
    ])
  const more = ranked.length > SHOWN ? [`… and ${ranked.length - SHOWN} more columns`] : []
  return [
    passed ? 'no drift that matters' : 'DRIFT',
    `${(100 * drift_share).toFixed(1)} % of the columns drifted`,
    textTable(['column', '', 'score', 'action', 'finding'], rows),
    ...more,
    ...(passed ? [] : [plainText(advice.reason)]),
    `report in ${report_path}`,
  ].join('\n')
}
