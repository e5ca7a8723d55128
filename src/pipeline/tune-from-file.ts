import { readTable } from '../data/index.ts'
import { RandomSampler, TPESampler } from '../tuning/index.ts'
import { type TuneInput, type TuneResult, tuneModel } from './tune-model.ts'

export interface TuneFromFileInput extends Omit<TuneInput, 'table' | 'sampler'> {
  readonly file: string
  readonly sampler: 'tpe' | 'random'
}

/** The whole journey of `fds tune`: file → table → study. */
export async function tuneFromFile(input: TuneFromFileInput): Promise<TuneResult> {
  const { file, roles, seed } = input
  const table = await readTable(file, roles.id === undefined ? {} : { text: [roles.id] })
  const sampler = input.sampler === 'tpe' ? new TPESampler({ seed }) : new RandomSampler({ seed })
  return tuneModel({ ...input, table, sampler })
}
