import { Command, InvalidArgumentError, Option } from 'commander'
import type { ExperimentVerdict } from '../monitoring/index.ts'
import type { ExperimentDesk } from '../serving/index.ts'
import { type AbOptions, onAbTests, withName } from './ab-session.ts'
import { type CliContext, withCommonOptions } from './context.ts'
import { plainText } from './text.ts'

interface StatusOptions extends AbOptions {
  readonly expect?: string
  readonly report?: string
  readonly lang: 'en' | 'ko'
}

/** `fds ab status`: the verdict as of now. */
export function statusCommand(context: CliContext): Command {
  const command = new Command('status')
    .description('the verdict on the running A/B test, or the last one; it holds however often it is asked')
    .option('--expect <status>', 'exit 1 unless the status is this, such as challenger_wins')
    .option('--report <file>', 'write the page (.html) or its picture (.svg)', reportFile)
    .addOption(new Option('--lang <language>', 'of reasons and report').choices(['en', 'ko']).default('en'))
  return withCommonOptions(withName(command), 'fds ab status --expect challenger_wins').action(
    (options: StatusOptions) =>
      onAbTests(context, options, async ({ desk }) => {
        const { statusAnswer } = await import('../serving/index.ts')
        const answer = await statusAnswer(desk)
        if (options.report !== undefined) await writeReport(desk, options.report, options.lang)
        if (options.expect !== undefined && answer.status !== options.expect) context.exitCode = 1
        return [answer, () => ('samples' in answer ? statusText(answer, options.lang) : answer.message)]
      }),
  )
}

function reportFile(text: string): string {
  if (/\.(html|svg)$/.test(text)) return text
  throw new InvalidArgumentError('--report must end in .html or .svg.')
}

async function writeReport(desk: ExperimentDesk, file: string, lang: 'en' | 'ko'): Promise<void> {
  const { reportPage, reportPicture } = await import('../serving/index.ts')
  const { writeFile } = await import('node:fs/promises')
  const status = await desk.status()
  if (file.endsWith('.html')) await writeFile(file, reportPage(status, lang))
  else if (status) await writeFile(file, reportPicture(status, lang))
}

function statusText(
  answer: ExperimentVerdict & { readonly experiment: { id: string; state: string }; readonly note?: string },
  lang: 'en' | 'ko',
): string {
  const { experiment, information, effect, guardrails, note } = answer
  const p = answer.p_value === null ? 'no p-value yet' : `p = ${plainText(answer.p_value)}`
  const alarms = guardrails.filter(({ alarm }) => alarm).map(({ name }) => name)
  return [
    `A/B test ${experiment.id}, ${experiment.state}`,
    `${answer.status}${answer.final ? ', final' : ''} (${p}): ${answer.recommendation}`,
    `${information.labelled} labelled decisions of ${information.planned} planned; ${answer.samples} in the smaller arm, ${answer.required} needed`,
    ...(effect ? [effectText(effect)] : []),
    `guardrails: ${alarms.length === 0 ? 'quiet' : `alarm of ${alarms.join(', ')}`}`,
    ...answer.reasons.map((reason) => `- ${reason[lang]}`),
    ...(note === undefined ? [] : [note]),
  ].join('\n')
}

function effectText({ difference, ci }: NonNullable<ExperimentVerdict['effect']>): string {
  const [low, high] = ci.map(plainText)
  return `cost of the challenger less the champion's: ${plainText(difference)} (${low} to ${high})`
}
