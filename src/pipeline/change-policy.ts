import { createPolicy, type Policy, type PolicyInput } from '../decision/index.ts'
import { FdsError } from '../errors.ts'
import { foreignSpec } from '../serving/models/unpack-model.ts'
import type { MlflowClient, Mover } from '../tracking/index.ts'
import { loadModel } from './load-model.ts'
import { loadModelProfile } from './profile-of-model.ts'
import { registerModel } from './register-model.ts'
import { trackModel } from './track-model.ts'

export interface ChangePolicyInput extends Mover {
  readonly client: MlflowClient
  /** The version whose trees are kept: `models:/name@alias` or `models:/name/version`. */
  readonly uri: string
  /** What differs from its policy. */
  readonly changes: PolicyInput
  /** Alias of the new version. */
  readonly alias?: string
  readonly now: () => number
}

/**
 * Makes a version with the trees, features and profile of another and a policy that differs from its, so that a
 * threshold is promoted and rolled back as a model is. Its run says what it was made from and holds no metrics, since
 * those that depend on the threshold would be another policy's. POLICY_INVALID; MODEL_NOT_FOUND.
 */
export async function changePolicy(input: ChangePolicyInput): Promise<{ version: string; policy: Policy }> {
  const { client, uri, changes, alias, actor, reason, now } = input
  const openClient = async () => client
  const { name, ...contents } = await loadModel(uri, openClient)
  if (name === undefined) {
    throw new FdsError('MODEL_NOT_FOUND', { uri, reason: 'a version of a registered model is needed' })
  }
  const policy = mergePolicy(contents.policy, changes)
  const { booster, spec = foreignSpec(contents) } = contents
  const profile = await profileOf(uri, openClient)
  const model = { booster, spec, policy, ...(profile && { profile }) }
  const tags = { 'fds.policy_changed_from': `models:/${name}/${contents.version}` }
  const { runId } = await trackModel({ client, model, now, tags })
  const registered = { client, runId, name, actor, reason, ...(alias !== undefined && { alias }) }
  const { version } = await registerModel(registered)
  return { version, policy }
}

function mergePolicy({ thresholds, threshold, costs }: Policy, changes: PolicyInput): Policy {
  return createPolicy({
    thresholds: { ...thresholds, ...changes.thresholds },
    threshold: changes.threshold ?? threshold,
    costs: { ...costs, ...changes.costs },
  })
}

/** Models that came from elsewhere have no profile. */
async function profileOf(uri: string, openClient: () => Promise<MlflowClient>) {
  try {
    return await loadModelProfile(uri, openClient)
  } catch (error) {
    if (error instanceof FdsError && error.code === 'PROFILE_MISSING') return undefined
    throw error
  }
}
