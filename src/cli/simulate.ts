import { Command, Option } from 'commander'
import { FdsError } from '../errors.ts'
import { type CliContext, type CommonOptions, configFor, printResult, withCommonOptions } from './context.ts'
import { integerOption, numberOption } from './options.ts'
import { startProgress } from './progress.ts'

interface SimulateOptions extends CommonOptions {
  readonly target: string
  readonly rate: number
  readonly duration: number
  readonly drift: 'none' | 'gradual' | 'sudden'
  readonly labelsDelay?: number
  readonly seed: number
}

/** `fds simulate`: steady simulated traffic to a running service. */
export function simulateCommand(context: CliContext): Command {
  const command = new Command('simulate')
    .description('send simulated payments to a running service')
    .option('--target <url>', 'address of the service', 'http://127.0.0.1:8000')
    .option('--rate <n>', 'transactions a second', numberOption('--rate', { min: 0.01, max: 10_000 }), 20)
    .option('--duration <s>', 'seconds', numberOption('--duration', { min: 0.1, max: 86_400 }), 10)
    .addOption(
      new Option('--drift <kind>', 'change in the middle of the traffic')
        .choices(['none', 'gradual', 'sudden'])
        .default('none'),
    )
    .option(
      '--labels-delay <s>',
      'send each label this many seconds after its transaction',
      numberOption('--labels-delay', { min: 0, max: 86_400 }),
    )
    .option('--seed <s>', 'seed of the payments', integerOption('--seed', { min: 0 }), 2)
  return withCommonOptions(command, 'fds simulate --rate 50 --duration 60 --labels-delay 5').action(
    (options: SimulateOptions) => simulate(context, options),
  )
}

async function simulate(context: CliContext, options: SimulateOptions): Promise<void> {
  if (!URL.canParse(options.target) || !/^https?:/.test(options.target)) {
    throw new FdsError('USAGE', {
      reason: `--target must be an http:// or https:// address, got ${options.target}`,
    })
  }
  const { simulateTraffic } = await import('../pipeline/simulate-traffic.ts')
  const progress = startProgress(context, 'traffic')
  const { target, rate, duration, drift, labelsDelay, seed } = options
  const report = await simulateTraffic({
    target,
    rate,
    durationSeconds: duration,
    drift,
    ...(labelsDelay !== undefined && { labelsDelaySeconds: labelsDelay }),
    seed,
    runTag: context.entropy.toString(36),
    apiKey: configFor(context, options).apiKey,
    now: context.now,
    onProgress: (sent, total) => progress.update(sent, total, `${sent} of ${total}`),
  }).finally(() => progress.stop())
  const failures = Object.values(report.failed).reduce((sum, count) => sum + count, 0)
  context.exitCode = failures === 0 ? 0 : 1
  printResult(context, options, report, () =>
    [
      `${report.answered} of ${report.sent} answered`,
      ...Object.entries(report.risk_levels).map(([level, count]) => `${level}  ${count}`),
      ...Object.entries(report.failed).map(([code, count]) => `failed ${code}  ${count}`),
      report.latency_ms === null
        ? 'no latency'
        : `latency p50 ${report.latency_ms.p50} ms, p95 ${report.latency_ms.p95} ms, p99 ${report.latency_ms.p99} ms`,
      `labels  ${report.labels.sent} sent, ${report.labels.failed} failed`,
    ].join('\n'),
  )
}
