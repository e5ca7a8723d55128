// `npm run bench`: one question after another, each answered in rows of a name and a figure.
// `npm run bench -- trees serving`: those questions alone; `trees/quality` is one of several about trees.
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import type { Row } from './rows.ts'

interface Question {
  readonly name: string
  readonly title: string
  readonly run: () => Promise<readonly Row[]>
}

const QUESTIONS: readonly Question[] = [
  {
    name: 'csv',
    title: 'How fast is a CSV file read?',
    run: async () => (await import('./read-csv.ts')).benchReadCsv(),
  },
  {
    name: 'features',
    title: 'How fast do columns become features?',
    run: async () => (await import('./features.ts')).benchFeatures(),
  },
  {
    name: 'evaluation',
    title: 'How fast are quality and threshold computed?',
    run: async () => (await import('./evaluation.ts')).benchEvaluation(),
  },
  {
    name: 'serving/load',
    title: 'How many decisions are served, beside the outline’s own stack?',
    run: async () => (await import('./serving.ts')).benchServing('load'),
  },
  {
    name: 'serving/batch',
    title: 'How fast are decisions served in batches?',
    run: async () => (await import('./serving.ts')).benchServing('batch'),
  },
  {
    name: 'serving/telemetry',
    title: 'What do the metrics of a decision cost, and a scrape?',
    run: async () => (await import('./serving.ts')).benchServing('telemetry'),
  },
  {
    name: 'serving/memory',
    title: 'What does a million decisions leave in memory?',
    run: async () => (await import('./serving.ts')).benchServing('memory'),
  },
  {
    name: 'decision-log',
    title: 'How fast are decisions stored, durable before the answer?',
    run: async () => (await import('./decision-log.ts')).benchDecisionLog(),
  },
  {
    name: 'trees/training',
    title: 'How fast are trees trained, beside XGBoost?',
    run: async () => (await import('./trees.ts')).benchTrees('training'),
  },
  {
    name: 'trees/growth',
    title: 'How does the time of training grow, beside XGBoost?',
    run: async () => (await import('./trees.ts')).benchTrees('growth'),
  },
  {
    name: 'trees/prediction',
    title: 'How fast do trees predict, beside XGBoost?',
    run: async () => (await import('./trees.ts')).benchTrees('prediction'),
  },
  {
    name: 'trees/quality',
    title: 'How good are the trees, beside XGBoost?',
    run: async () => (await import('./trees.ts')).benchTrees('quality'),
  },
  {
    name: 'tracking/log-metric',
    title: 'How fast is a metric logged, beside MLflow?',
    run: async () => (await import('./tracking.ts')).benchTracking('log-metric'),
  },
  {
    name: 'tracking/log-batch',
    title: 'How fast is a batch logged, beside MLflow?',
    run: async () => (await import('./tracking.ts')).benchTracking('log-batch'),
  },
  {
    name: 'tracking/runs',
    title: 'How fast are whole runs tracked, beside MLflow?',
    run: async () => (await import('./tracking.ts')).benchTracking('runs'),
  },
  {
    name: 'tracking/search',
    title: 'How fast are runs found, beside MLflow?',
    run: async () => (await import('./tracking.ts')).benchTracking('search'),
  },
  {
    name: 'tracking/start-up',
    title: 'How fast does the tracking server start, beside MLflow?',
    run: async () => (await import('./tracking.ts')).benchTracking('start-up'),
  },
  {
    name: 'tracking/memory',
    title: 'How much memory does the tracking server hold, beside MLflow?',
    run: async () => (await import('./tracking.ts')).benchTracking('memory'),
  },
  {
    name: 'tracking/growth',
    title: 'How does the tracking server slow down as runs pile up?',
    run: async () => (await import('./tracking.ts')).benchTracking('growth'),
  },
  {
    name: 'tuning/functions',
    title: 'How good is the best of 50 trials, beside Optuna?',
    run: async () => (await import('./tuning.ts')).benchTuning('functions'),
  },
  {
    name: 'tuning/suggest',
    title: 'How fast is the next trial suggested, beside Optuna?',
    run: async () => (await import('./tuning.ts')).benchTuning('suggest'),
  },
  {
    name: 'tuning/specification',
    title: "How fast and how good is the specification's study, beside Optuna with XGBoost?",
    run: async () => (await import('./tuning.ts')).benchTuning('specification'),
  },
  {
    name: 'drift/files',
    title: 'How fast are two files compared, beside Evidently?',
    run: async () => (await import('./drift.ts')).benchDrift('files'),
  },
  {
    name: 'drift/large',
    title: 'How fast are files compared that are larger than memory should be?',
    run: async () => (await import('./drift.ts')).benchDrift('large'),
  },
  {
    name: 'drift/false-alarms',
    title: 'How often is drift found where there is none?',
    run: async () => (await import('./drift.ts')).benchDrift('false-alarms'),
  },
  {
    name: 'experiments/false-verdicts',
    title: 'How often does an experiment of equal models find a winner?',
    run: async () => (await import('./experiments.ts')).benchExperiments('false-verdicts'),
  },
  {
    name: 'experiments/returning-cards',
    title: 'And where cards return, so that costs come in lumps?',
    run: async () => (await import('./experiments.ts')).benchExperiments('returning-cards'),
  },
  {
    name: 'experiments/power',
    title: 'Does an experiment find what its plan promises?',
    run: async () => (await import('./experiments.ts')).benchExperiments('power'),
  },
  {
    name: 'experiments/speed',
    title: 'How fast is an experiment judged?',
    run: async () => (await import('./experiments.ts')).benchExperiments('speed'),
  },
]

// --python names the Python that reads the CSV file too
const { positionals } = parseArgs({ allowPositionals: true, options: { python: { type: 'string' } } })
const machine = `${availableParallelism()} threads of ${cpus()[0]?.model ?? 'an unknown processor'}`
console.log(`Node ${process.version}, ${machine}`)
for (const { title, run } of chosen(positionals)) {
  console.log(`\n${title}`)
  const rows = await run()
  const width = Math.max(60, ...rows.map(({ name }) => name.length))
  for (const { name, value } of rows) console.log(`  ${name.padEnd(width)} ${value}`)
}

/** The questions of these names, a folder's name standing for all of its questions; all of them without names. */
function chosen(names: readonly string[]): readonly Question[] {
  const isNamed = (question: Question, name: string): boolean =>
    question.name === name || question.name.startsWith(`${name}/`)
  for (const name of names) {
    if (QUESTIONS.some((question) => isNamed(question, name))) continue
    throw new Error(`a question is one of ${QUESTIONS.map((one) => one.name).join(', ')}, got ${name}`)
  }
  if (names.length === 0) return QUESTIONS
  return QUESTIONS.filter((question) => names.some((name) => isNamed(question, name)))
}
