import { isTrackingError, type MlflowClient, type ModelInfo } from 'fds-system'

/**
 * Begins a registered model anew, so that a chapter or a checkpoint can run again: removes it with its versions and
 * aliases, then makes versions 1, 2, … of the logged models, in order.
 */
export async function freshRegistry(
  client: MlflowClient,
  name: string,
  models: readonly Pick<ModelInfo, 'modelId' | 'modelUri' | 'runId'>[],
): Promise<void> {
  await removeModel(client, name)
  await client.createRegisteredModel(name)
  for (const { modelId, modelUri: source, runId } of models)
    await client.createModelVersion({ name, source, runId, modelId })
}

/** Removes a registered model with its versions and aliases, if there is one. */
export async function removeModel(client: MlflowClient, name: string): Promise<void> {
  try {
    await client.deleteRegisteredModel(name)
  } catch (error) {
    if (!isTrackingError(error, 'RESOURCE_DOES_NOT_EXIST')) throw error
  }
}
