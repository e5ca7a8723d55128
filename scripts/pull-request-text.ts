/** Metrics as `fds evaluate --json` prints them; null where there is no answer. */
export type Metrics = Readonly<Record<string, unknown>>

export interface Measured {
  readonly model: string
  readonly metrics: Metrics
}

/** What `npm run validate-model` leaves. */
export interface Validation {
  readonly source: string
  readonly passed: boolean
  readonly gates: readonly { readonly name: string; readonly passed: boolean; readonly message: string }[]
  readonly candidate: Measured
  readonly champion: Measured
}

/** What `npm run check-drift` reads of `fds drift --json`. */
export interface Drift {
  readonly passed: boolean
  readonly drift_share: number
  readonly advice: { readonly reason: string }
  readonly report_path: string
}

const ROWS = [
  ['auc_roc', 'AUC', 'higher'],
  ['auprc', 'average precision', 'higher'],
  ['recall', 'recall', 'higher'],
  ['precision', 'precision', 'higher'],
  ['fpr', 'false positive rate', 'lower'],
  ['cost', 'cost', 'lower'],
] as const

/** The comment on a pull request, in Markdown: the candidate beside the champion, the gates, and drift. */
export function pullRequestText(found: {
  readonly validation: Validation | undefined
  readonly drift: (Drift & { readonly source: string }) | undefined
}): string {
  const parts = [...validationLines(found.validation), '', ...driftLines(found.drift)]
  return `${['## The candidate beside the champion', '', ...parts].join('\n')}\n`
}

function validationLines(validation: Validation | undefined): string[] {
  if (!validation) return ['The model validation gate did not run to its end.']
  const { source, passed, gates, candidate, champion } = validation
  return [
    `**${passed ? 'The gates are passed' : 'A gate failed'}**, judged on ${cell(source)}.`,
    '',
    '| | candidate | champion | difference |',
    '| --- | ---: | ---: | ---: |',
    ...ROWS.map(([key, name, better]) => row(name, better, candidate.metrics[key], champion.metrics[key])),
    '',
    ...gates.map(({ name, passed: met, message }) => `- ${met ? '✅' : '❌'} \`${name}\`: ${cell(message)}`),
  ]
}

function row(name: string, better: 'higher' | 'lower', candidate: unknown, champion: unknown): string {
  const label = `${name} (${better} is better)`
  if (typeof candidate !== 'number' || typeof champion !== 'number')
    return `| ${label} | ${numberText(candidate)} | ${numberText(champion)} | |`
  const difference = candidate - champion
  const sign = difference > 0 ? '+' : ''
  return `| ${label} | ${numberText(candidate)} | ${numberText(champion)} | ${sign}${numberText(difference)} |`
}

function driftLines(drift: (Drift & { readonly source: string }) | undefined): string[] {
  if (!drift) return []
  const { passed, drift_share, advice, source } = drift
  const verdict = `${passed ? 'The drift check is passed' : 'The drift check failed'}`
  const share = `${(100 * drift_share).toFixed(0)} % of the columns drifted`
  return [`**${verdict}**: ${share}, in ${cell(source)}. ${cell(advice.reason)}.`]
}

function numberText(value: unknown): string {
  if (typeof value !== 'number') return 'no answer'
  return Number.isInteger(value) ? String(value) : value.toFixed(4)
}

/** What came from data stays text: no cell ends early, no name becomes a link, a mention or a tag. */
function cell(text: string): string {
  return text.replaceAll(/[|<>@[\]`*_\\]/g, (sign) => `&#${sign.charCodeAt(0)};`).replaceAll(/\s+/g, ' ')
}
