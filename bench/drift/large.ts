import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { progress, type Row, told } from '../rows.ts'
import { runProgram } from '../run-program.ts'
import { barText, megabytesText, secondsText } from '../tracking/rounds.ts'
import { writeDriftFile } from './data.ts'
import type { FilesAnswer, FilesJob } from './files-job.ts'

/**
 * A million rows beside a hundred thousand, of a thousand columns, in Parquet: 8.8 GB of numbers. Some minutes, most of
 * them to write the files.
 */
export async function benchLarge(): Promise<readonly Row[]> {
  const isQuick = process.env['FDS_BENCH_QUICK'] === '1'
  const rows = isQuick ? 20_000 : 1_000_000
  const folder = mkdtempSync(join(tmpdir(), 'fds-bench-'))
  try {
    const [reference, current] = [join(folder, 'reference.parquet'), join(folder, 'current.parquet')]
    progress('writing the files')
    await writeDriftFile({ path: reference, rows, columns: 1000, seed: 1, shift: 0 })
    await writeDriftFile({ path: current, rows: rows / 10, columns: 1000, seed: 2, shift: 0.5 })
    progress('comparing them')
    const job: FilesJob = { reference, current, out: join(folder, 'report.html') }
    const printed = await runProgram([
      process.execPath,
      join(import.meta.dirname, 'files_ours.ts'),
      JSON.stringify(job),
    ])
    const { processSeconds, peak, drifted } = JSON.parse(printed) as FilesAnswer
    const bytes = statSync(reference).size + statSync(current).size
    const time = { our: processSeconds, text: secondsText }
    const memory = { our: peak, text: megabytesText }
    return told([
      { name: 'size of the files', value: megabytesText(bytes) },
      { name: 'time', value: secondsText(processSeconds) + barText({ most: 180 }, time) },
      { name: 'peak of memory', value: megabytesText(peak) + barText({ most: 4e9 }, memory) },
      { name: 'drifted columns', value: `${drifted} of 1000` },
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
