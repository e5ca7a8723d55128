import { RISK_LEVELS } from '../../decision/risk-level.ts'
import { EXPERIMENT_ACTIONS } from '../experiments/experiment.ts'
import { OVERLOADS } from '../http/shed-load.ts'
import { MISSING, MOST_COLUMNS } from '../models/drift-layout.ts'
import { ARMS } from '../models/model-source.ts'
import { TROUBLES } from '../models/model-trouble.ts'
import { FALLBACK_REASONS, STAND_INS } from '../models/score-or-fallback.ts'
import { SHADOW_OUTCOMES } from './guard-counts.ts'
import type { METRICS } from './metrics.ts'
import { LABEL_SOURCES } from './telemetry.ts'

/** What a label may hold: one of a closed list, or so many different values of a kind that no caller can make. */
export interface LabelBound {
  readonly holds: string
  readonly values?: readonly string[]
  readonly atMost: number
}

type LabelOf<M> = M extends { readonly labels: readonly (infer L)[] } ? L : never
export type LabelName = LabelOf<(typeof METRICS)[keyof typeof METRICS]>

/**
 * The bound of every label of every metric. Cards, customers, merchants and whatever else a caller writes are no labels.
 */
export const LABEL_BOUNDS: Readonly<Record<LabelName, LabelBound>> = {
  endpoint: { holds: 'a route pattern, `/api/2.0/*` for all of MLflow, or `unknown`', atMost: 40 },
  status: { holds: 'an HTTP status, or the status of a verdict', atMost: 30 },
  model_version: closed('the arm that decided', [...ARMS, 'none']),
  risk_level: closed('a risk level', RISK_LEVELS),
  model_name: { holds: 'the name of the served model', atMost: 1 },
  source: closed('who labelled', LABEL_SOURCES),
  is_fraud: closed('a verdict', ['true', 'false']),
  reason: closed('a cause', [...new Set([...FALLBACK_REASONS, ...OVERLOADS, ...TROUBLES])]),
  answered_by: closed('who stood in', STAND_INS),
  outcome: closed('what became of it', SHADOW_OUTCOMES),
  durability: closed('how the log stores', ['group', 'sync', 'async']),
  state: closed('whether a worker answered', ['answering', 'late']),
  champion: closed("the champion's risk level", RISK_LEVELS),
  challenger: closed("the challenger's risk level", RISK_LEVELS),
  alias: closed('an alias that is served', ARMS),
  arm: closed('an arm', ARMS),
  version: { holds: 'a version that some worker serves now', atMost: 4 },
  feature: { holds: `one of ${MOST_COLUMNS} columns, or \`score\``, atMost: MOST_COLUMNS + 1 },
  bin: closed('a bin by its place, or `missing`', [
    ...Array.from({ length: MISSING }, (_, bin) => String(bin)),
    'missing',
  ]),
  guardrail: closed('a guardrail', ['cost', 'block_rate', 'latency_ms', 'error_rate', 'score_psi']),
  action: closed('what was done', EXPERIMENT_ACTIONS),
}

function closed(holds: string, values: readonly string[]): LabelBound {
  return { holds, values, atMost: values.length }
}
