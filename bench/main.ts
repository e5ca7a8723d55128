// `npm run bench`: one question after another, each answered in rows of a name and a figure.
import { availableParallelism, cpus } from 'node:os'

interface Row {
  readonly name: string
  readonly value: string
}

const QUESTIONS: readonly (readonly [title: string, run: () => Promise<readonly Row[]>])[] = [
  ['How fast is a CSV file read?', async () => (await import('./read-csv.ts')).benchReadCsv()],
  ['How fast do columns become features?', async () => (await import('./features.ts')).benchFeatures()],
  ['How fast is a model trained?', async () => (await import('./train.ts')).benchTrain()],
  [
    'How fast are quality and threshold computed?',
    async () => (await import('./evaluation.ts')).benchEvaluation(),
  ],
  ['How fast is a decision served?', async () => (await import('./serving.ts')).benchServing()],
]

const machine = `${availableParallelism()} threads of ${cpus()[0]?.model ?? 'an unknown processor'}`
console.log(`Node ${process.version}, ${machine}`)
for (const [title, run] of QUESTIONS) {
  console.log(`\n${title}`)
  for (const { name, value } of await run()) console.log(`  ${name.padEnd(60)} ${value}`)
}
