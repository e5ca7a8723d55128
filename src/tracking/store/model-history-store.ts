import { LIMITS } from '../protocol/limits.ts'
import { refuse } from '../protocol/refusal.ts'
import { activeRun } from './run-store.ts'
import type { Db, StoreContext } from './store-context.ts'
import { putPairs } from './store-pairs.ts'
import type { TrackingStore } from './tracking-store.ts'

/** Models as clients before MLflow 3 recorded them: a list in a tag of the run. */
export function createModelHistoryStore({ write }: StoreContext): Pick<TrackingStore, 'logModel'> {
  return {
    logModel: async ({ runId, modelJson }) => {
      const entry = historyEntry(modelJson)
      return write(async (trx) => {
        const { id } = await activeRun(trx, runId)
        const value = written([...(await readHistory(trx, id)), entry])
        await putPairs(trx, { table: 'run_tags', owner: id }, [{ key: HISTORY_TAG, value }])
        return {}
      })
    },
  }
}

const HISTORY_TAG = 'mlflow.log-model.history'
const MANDATORY = ['artifact_path', 'flavors', 'run_id', 'utc_time_created']
const KEPT = ['run_id', 'artifact_path', 'utc_time_created', 'model_uuid']

/** Of the model's JSON what MLflow keeps: where and when it was made, and its flavours without their `config`. */
function historyEntry(modelJson: string): Readonly<Record<string, unknown>> {
  const model = parseModel(modelJson)
  const missing = MANDATORY.filter((field) => !Object.hasOwn(model, field))
  if (missing.length > 0) {
    const fields = `{'${missing.join("', '")}'}`
    refuse('INVALID_PARAMETER_VALUE', `Model json is missing mandatory fields: ${fields}`)
  }
  const kept = KEPT.flatMap((key) => (Object.hasOwn(model, key) ? [[key, model[key]]] : []))
  return { ...Object.fromEntries(kept), flavors: withoutConfig(model['flavors']) }
}

function parseModel(modelJson: string): Readonly<Record<string, unknown>> {
  const model = parseJson(modelJson)
  if (isRecord(model) && isRecord(model['flavors'] ?? {})) return model
  const shown = modelJson.length > 200 ? `${modelJson.slice(0, 200)}…` : modelJson
  return refuse('INVALID_PARAMETER_VALUE', `Malformed model info. \n ${shown} \n is not a valid JSON.`)
}

function written(history: readonly unknown[]): string {
  try {
    const value = JSON.stringify(history)
    if (value.length <= LIMITS.modelHistory) return value
  } catch {
    // nested deeper than the stack: refused as too long
  }
  const rule = `The models of a run may take ${LIMITS.modelHistory} characters together`
  return refuse('INVALID_PARAMETER_VALUE', rule)
}

function withoutConfig(flavors: unknown): Record<string, unknown> {
  const entries = Object.entries(isRecord(flavors) ? flavors : {}).map(([flavor, settings]) => {
    if (!isRecord(settings)) return [flavor, settings]
    const { config: _, ...rest } = settings
    return [flavor, rest]
  })
  return Object.fromEntries(entries)
}

/** Nothing where the tag holds something else: a client may set it too. */
async function readHistory(db: Db, run: number): Promise<unknown[]> {
  const query = db
    .selectFrom('run_tags')
    .select('value')
    .where('owner', '=', run)
    .where('key', '=', HISTORY_TAG)
  const value = parseJson((await query.executeTakeFirst())?.value ?? '[]')
  return Array.isArray(value) ? value : []
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
