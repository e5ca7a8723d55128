// `npm run bench`: one question after another, each answered in rows of a name and a figure.
import { availableParallelism, cpus } from 'node:os'

interface Row {
  readonly name: string
  readonly value: string
}

const QUESTIONS: readonly (readonly [title: string, run: () => Promise<readonly Row[]>])[] = [
  ['How fast is a CSV file read?', async () => (await import('./read-csv.ts')).benchReadCsv()],
  [
    'How fast are quality and threshold computed?',
    async () => (await import('./evaluation.ts')).benchEvaluation(),
  ],
  ['How fast is a model trained?', async () => (await import('./train.ts')).benchTrain()],
]

console.log(
  `Node ${process.version}, ${availableParallelism()} threads of ${cpus()[0]?.model ?? 'an unknown processor'}`,
)
for (const [title, run] of QUESTIONS) {
  console.log(`\n${title}`)
  for (const { name, value } of await run()) console.log(`  ${name.padEnd(52)} ${value}`)
}
