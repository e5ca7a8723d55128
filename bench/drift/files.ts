import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EVIDENTLY } from '../../test/interop/monitoring/environments.ts'
import { pythonOf } from '../../test/interop/python.ts'
import { median } from '../medians.ts'
import { progress, type Row, told } from '../rows.ts'
import { runProgram } from '../run-program.ts'
import { barText, megabytesText, secondsText } from '../tracking/rounds.ts'
import { writeDriftFile } from './data.ts'
import type { FilesAnswer, FilesJob } from './files-job.ts'

const COLUMNS = 447
/** The bars: how many times less than the peer's. */
const TIME_BAR = { ratio: 40, most: 3 }
const MEMORY_BAR = { ratio: 4 }

/**
 * Two Parquet files of 447 columns and 100,000 rows, compared to a JSON answer and a page, ours beside Evidently's
 * `DataDriftPreset`, each in a fresh process, ours once before and once after it. Ours counts from the start of the
 * process; Evidently's only once it is imported. Some minutes; with `FDS_BENCH_QUICK=1` one minute on fewer rows, whose
 * figures say nothing.
 */
export async function benchFiles(): Promise<readonly Row[]> {
  const rows = process.env['FDS_BENCH_QUICK'] === '1' ? 2000 : 100_000
  const python = await pythonOf(EVIDENTLY)
  const folder = mkdtempSync(join(tmpdir(), 'fds-bench-'))
  try {
    const [reference, current] = [join(folder, 'reference.parquet'), join(folder, 'current.parquet')]
    await writeDriftFile({ path: reference, rows, columns: COLUMNS, seed: 1, shift: 0 })
    await writeDriftFile({ path: current, rows, columns: COLUMNS, seed: 2, shift: 0.5 })
    const job: FilesJob = { reference, current, out: join(folder, 'report.html') }
    const ours = () => play([process.execPath, join(import.meta.dirname, 'files_ours.ts')], job)
    const mine = [await ours()]
    progress('Evidently')
    const theirs = await play([python, join(import.meta.dirname, 'files_peer.py')], job)
    mine.push(await ours(), await ours())
    return told(rowsOf(mine, theirs))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function play(command: readonly string[], job: FilesJob): Promise<FilesAnswer> {
  return JSON.parse(await runProgram([...command, JSON.stringify(job)]))
}

function rowsOf(mine: readonly FilesAnswer[], theirs: FilesAnswer): Row[] {
  const seconds = median(mine.map(({ processSeconds }) => processSeconds))
  const peak = median(mine.map((answer) => answer.peak))
  const all = mine.map(({ processSeconds }) => secondsText(processSeconds)).join(', ')
  const time = { our: seconds, their: theirs.seconds, text: secondsText }
  const processor = {
    our: median(mine.map(({ processorSeconds }) => processorSeconds)),
    their: theirs.processorSeconds,
    text: secondsText,
  }
  const memory = { our: peak, their: theirs.peak, text: megabytesText }
  return [
    { name: 'time, page and answer included', value: besides(time) + barText(TIME_BAR, time) },
    { name: 'each time of ours', value: all },
    { name: 'processor time of the process', value: besides(processor) },
    { name: 'peak of memory', value: besides(memory) + barText(MEMORY_BAR, memory) },
    {
      name: 'drifted columns',
      value: `${mine[0]!.drifted}, Evidently ${theirs.drifted} of ${theirs.columns}`,
    },
  ]
}

function besides({
  our,
  their,
  text,
}: {
  our: number
  their: number
  text: (value: number) => string
}): string {
  return `${text(our)}, Evidently ${text(their)}: ${(their / our).toFixed(1)} ×`
}
