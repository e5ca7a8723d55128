import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { FastifyInstance } from 'fastify'
import type { FdsError } from '../../errors.ts'
import { createLogger } from '../../log.ts'
import { createDecisionLog, type DecisionLog } from '../log/decision-log.ts'
import { openServingFile } from '../log/serving-database.ts'
import type { ModelSource, ServedModel } from '../models/model-source.ts'
import { createScorer } from '../models/scorer.ts'
import { type AppDependencies, buildApp } from './app.ts'

export const NOW = Date.UTC(2026, 0, 1)

export interface FixtureApp {
  readonly app: FastifyInstance
  readonly log: DecisionLog
  readonly models: FixtureModels
}

/** Serves what the test puts there, without a registry. */
export interface FixtureModels extends ModelSource {
  serve(files: ReadonlyMap<string, Uint8Array>, version: string): void
  retire(): void
  fail(trouble: FdsError): void
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'fds-serving-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function fixtureModels(name = 'fraud_detector'): FixtureModels {
  let champion: ServedModel | undefined
  let previous: ServedModel | undefined
  let trouble: FdsError | undefined
  return {
    name,
    served: (arm) => (arm === 'champion' ? champion : undefined),
    previous: (arm) => (arm === 'champion' ? previous : undefined),
    trouble: (arm) => (arm === 'champion' ? trouble : undefined),
    close: async () => {},
    serve: (files, version) => {
      previous = champion
      champion = {
        arm: 'champion',
        scorer: createScorer({ name, version, files }),
        runId: 'run-1',
        metrics: { auc_roc: 0.912345, recall: 0.5 },
        registeredAt: NOW - 86_400_000,
        loadedAt: NOW - 60_000,
        loadSeconds: 0.25,
      }
    },
    retire: () => {
      champion = undefined
      previous = undefined
    },
    fail: (error) => {
      trouble = error
    },
  }
}

/** An app on a log of its own, closed after the test. */
export function fixtureApp(
  t: TestContext,
  changes: Partial<AppDependencies> & { home?: string } = {},
): FixtureApp {
  const { home = temporaryFolder(t), ...given } = changes
  const now = () => NOW
  const logger = createLogger('silent')
  const log = createDecisionLog(openServingFile(home), { now, logger })
  const models = fixtureModels()
  let ids = 0
  const createId = () => `made-${++ids}`
  const app = buildApp({ models, log, logger, now, createId, ...given })
  t.after(() => app.close())
  return { app, log, models }
}
