import { FdsError } from '../../errors.ts'
import type { Arm } from '../../monitoring/experiments/assign.ts'
import { isTrackingError } from '../../tracking/client/tracking-client.ts'
import type { ModelVersion } from '../../tracking/index.ts'
import { loadServedModel } from './load-served-model.ts'
import type { ServedModel, WatchInput } from './model-source.ts'
import { AliasGone, troubleOf } from './model-trouble.ts'

/** Looks that a version which could not be loaded is left alone, at most. */
const LONGEST_PAUSE = 20

/** Keeps one alias's model loaded. Nothing is served at first; each `look` brings it up to the registry. */
export class AliasFollower {
  readonly #arm: Arm
  readonly #input: WatchInput
  readonly #broken = createBackoff()
  #served: ServedModel | undefined
  #previous: ServedModel | undefined
  #servedKey: string | undefined
  #trouble: FdsError | undefined

  constructor(arm: Arm, input: WatchInput) {
    this.#arm = arm
    this.#input = input
  }

  get served(): ServedModel | undefined {
    return this.#served
  }

  /** The version that was served before, for when the served one fails. */
  get previous(): ServedModel | undefined {
    return this.#previous
  }

  /** Why the model is not what the registry says, if so. */
  get trouble(): FdsError | undefined {
    return this.#trouble
  }

  /** Asks where the alias points and loads that if it is new; never rejects. */
  async look(): Promise<void> {
    try {
      const target = await targetOf(this.#arm, this.#input)
      if (target) await this.#follow(target)
      else this.#vacate()
    } catch (error) {
      this.#fail(unavailable(this.#input.name, this.#arm, error))
    }
  }

  async #follow(target: ModelVersion): Promise<void> {
    const key = [target.version, target.runId, target.source, target.creationTimestamp].join('\n')
    if (key !== this.#servedKey && this.#broken.holds(key)) return
    if (key !== this.#servedKey) await this.#swap(target, key)
    this.#settle()
  }

  async #swap(target: ModelVersion, key: string): Promise<void> {
    try {
      const loaded = await loadServedModel({ ...this.#input, arm: this.#arm, target })
      this.#previous = this.#served
      this.#served = loaded
    } catch (error) {
      this.#broken.add(key)
      throw error
    }
    this.#servedKey = key
    const { version } = target
    this.#input.logger.info({ ...this.#line(), version, seconds: this.#served.loadSeconds }, 'model loaded')
  }

  /** No such alias: a challenger leaves, a champion stays until another takes over. */
  #vacate(): void {
    if (this.#arm === 'champion' && this.#served) {
      this.#fail(unavailable(this.#input.name, this.#arm, new AliasGone()))
      return
    }
    this.#served = undefined
    this.#servedKey = undefined
    this.#settle()
  }

  #settle(): void {
    if (this.#trouble) this.#input.logger.info(this.#line(), 'the model is what the registry says again')
    this.#trouble = undefined
    this.#broken.clear()
  }

  /** Tells the same trouble once, not at every look; a registry that is away is no one's to mend here. */
  #fail(failure: FdsError): void {
    const level = troubleOf(failure) === 'registry_away' ? 'warn' : 'error'
    if (failure.message !== this.#trouble?.message) {
      this.#input.logger[level]({ ...this.#line(), serving: this.#served?.scorer.version }, failure.message)
    }
    this.#trouble = failure
  }

  #line() {
    return { model: this.#input.name, alias: this.#arm }
  }
}

/** The version that the alias points to; `undefined` when there is no such alias or model. */
async function targetOf(alias: Arm, { client, name }: WatchInput): Promise<ModelVersion | undefined> {
  try {
    return await client.getModelVersionByAlias({ name, alias })
  } catch (error) {
    // MLflow calls an alias that does not exist an invalid parameter
    const absent = ['RESOURCE_DOES_NOT_EXIST', 'INVALID_PARAMETER_VALUE']
    if (absent.some((errorCode) => isTrackingError(error, errorCode))) return undefined
    throw error
  }
}

function unavailable(name: string, alias: Arm, error: unknown): FdsError {
  const reason = error instanceof Error ? error.message : String(error)
  return new FdsError('MODEL_UNAVAILABLE', { name, alias, reason }, { cause: error })
}

/** Spaces out the tries at one broken version: 1, 2, 4, … looks, up to LONGEST_PAUSE. */
function createBackoff() {
  let brokenKey: string | undefined
  let failures = 0
  let pause = 0
  return {
    holds: (key: string): boolean => key === brokenKey && pause-- > 0,
    add: (key: string): void => {
      failures = key === brokenKey ? failures + 1 : 1
      brokenKey = key
      pause = Math.min(2 ** (failures - 1), LONGEST_PAUSE)
    },
    clear: (): void => {
      brokenKey = undefined
    },
  }
}
