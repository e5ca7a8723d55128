import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { progress } from '../rows.ts'
import { runProgram } from '../run-program.ts'
import type { AnswerOf, Job } from './jobs.ts'

/** Answers jobs, each in a fresh process. */
export type Program = <J extends Job>(job: J) => Promise<AnswerOf[J['task']]>

export interface Programs {
  readonly ours: Program
  /** Python's XGBoost, where there is one. */
  readonly peer?: Program
  /** What the peer is, or why there is none. */
  readonly peerText: string
}

const PEER = join(import.meta.dirname, 'xgboost_peer.py')
const HOME = join(import.meta.dirname, '../../.cache/bench-python')
const PACKAGES = ['xgboost==3.2.0', 'numpy>=2', 'scikit-learn>=1.5']

/**
 * Our program and the peer's. The peer's Python is named by `FDS_BENCH_PYTHON`; without it a virtual environment
 * is made once in .cache/bench-python, and where that fails the peer is left out.
 */
export async function openPrograms(): Promise<Programs> {
  const ours = programOf([process.execPath, join(import.meta.dirname, 'ours.ts')])
  try {
    const python = process.env['FDS_BENCH_PYTHON'] ?? (await madePython())
    const version = await runProgram([
      python,
      '-c',
      'import numpy, xgboost; print(xgboost.__version__, "with numpy", numpy.__version__)',
    ])
    return { ours, peer: programOf([python, PEER]), peerText: `XGBoost ${version.trim()}` }
  } catch (error) {
    return { ours, peerText: `no XGBoost to compare with: ${(error as Error).message}` }
  }
}

async function madePython(): Promise<string> {
  const python = join(HOME, 'bin/python')
  const complete = join(HOME, 'complete')
  if (existsSync(complete)) return python
  progress('making a Python environment with XGBoost in .cache/bench-python')
  await mkdir(HOME, { recursive: true })
  try {
    await runProgram(['python3', '-m', 'venv', HOME])
    await runProgram([python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES])
    await writeFile(complete, PACKAGES.join('\n'))
  } catch (error) {
    await rm(HOME, { recursive: true, force: true })
    throw error
  }
  return python
}

function programOf(command: readonly string[]): Program {
  return async (job) => JSON.parse(await runProgram([...command, JSON.stringify(job)]))
}
