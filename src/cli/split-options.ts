import type { Command } from 'commander'
import { integerOption, numberOption } from './options.ts'

/** Which rows train, which measure, and by what chance. */
export interface SplitOptions {
  readonly holdout: number
  readonly gapDays?: number
  readonly seed: number
}

/** The options of `SplitOptions`; `holdout` says what the last rows are for, `least` the smallest share of them. */
export function withSplitOptions(
  command: Command,
  { holdout, least }: { readonly holdout: string; readonly least: number },
): Command {
  return command
    .option(
      '--holdout <share>',
      `last part of the rows in time, ${holdout}`,
      numberOption('--holdout', { min: least, max: 0.9 }),
      0.2,
    )
    .option(
      '--gap-days <d>',
      'leave out rows this long before the holdout, whose labels would not be known yet',
      numberOption('--gap-days', { min: 0 }),
    )
    .option('--seed <s>', 'seed of the row and column sampling', integerOption('--seed', { min: 0 }), 0)
}

/** The split as `trainModel` takes it. */
export function splitOf({ holdout, gapDays, seed }: SplitOptions) {
  return { holdout, seed, ...(gapDays !== undefined && { gapSeconds: gapDays * 86_400 }) }
}
