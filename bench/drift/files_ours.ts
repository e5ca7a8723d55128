// Compares two files and writes the page, as `fds drift` does; files_peer.py does the same. Prints one JSON line.
import { driftOfFiles } from '../../src/pipeline/drift-of-files.ts'
import type { FilesAnswer, FilesJob } from './files-job.ts'

const started = performance.now()
const { reference, current, out } = JSON.parse(process.argv[2]!) as FilesJob
const { answer } = await driftOfFiles({ reference, current, out })
JSON.stringify(answer)
const ended = performance.now()
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
const result: FilesAnswer = {
  processSeconds: ended / 1000,
  seconds: (ended - started) / 1000,
  processorSeconds: (userCPUTime + systemCPUTime) / 1e6,
  peak: maxRSS * 1024,
  columns: answer.columns.length,
  drifted: answer.columns.filter(({ drifted }) => drifted).length,
}
console.log(JSON.stringify(result))
