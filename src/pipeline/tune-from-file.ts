import { readTable } from '../data/index.ts'
import { RandomSampler, TPESampler } from '../tuning/index.ts'
import { type TuneInput, type TuneResult, tuneModel } from './tune-model.ts'

export interface TuneFromFileInput extends Omit<TuneInput, 'table' | 'sampler'> {
  readonly file: string
  /** Columns to read as text whatever they look like, ids among them. */
  readonly text: readonly string[]
  readonly sampler: 'tpe' | 'random'
}

/** The whole journey of `fds tune`: file → table → study. */
export async function tuneFromFile(input: TuneFromFileInput): Promise<TuneResult> {
  const { file, text, seed } = input
  const table = await readTable(file, { text })
  const sampler = input.sampler === 'tpe' ? new TPESampler({ seed }) : new RandomSampler({ seed })
  return tuneModel({ ...input, table, sampler })
}
