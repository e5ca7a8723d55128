import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FdsError } from '../errors.ts'
import { type Profile, parseProfile } from '../monitoring/index.ts'
import { loadModelFiles, type MlflowClient } from '../tracking/index.ts'
import { readModelFile } from './read-model-file.ts'

/**
 * The profile of the rows that a model was trained on, saved with it: the reference for `profileFiles` when the training
 * file is not at hand. Takes `models:/name@alias`, `models:/name/version`, `runs:/id/path` or a model folder;
 * `openClient` is called for the first three alone. Neither trees nor policy are fetched.
 *
 * Errors: MODEL_NOT_FOUND; PROFILE_MISSING for a model that was logged without one; PROFILE_INVALID.
 */
export async function loadModelProfile(
  uri: string,
  openClient: () => Promise<MlflowClient>,
): Promise<Profile> {
  const bytes = await (/^(models|runs):\//.test(uri)
    ? fetchProfile(uri, await openClient())
    : readProfile(uri))
  if (bytes === undefined) throw new FdsError('PROFILE_MISSING', { model: uri })
  return parseProfile(parseJson(bytes))
}

async function fetchProfile(uri: string, client: MlflowClient): Promise<Uint8Array | undefined> {
  let path: string | undefined
  const { files } = await loadModelFiles(client, uri, ({ profile }) => {
    path = profile
    return profile === undefined ? [] : [profile]
  })
  return path === undefined ? undefined : files.get(path)
}

async function readProfile(folder: string): Promise<Uint8Array | undefined> {
  if ((await stat(folder).catch(() => undefined)) === undefined) {
    throw new FdsError('MODEL_NOT_FOUND', { uri: folder, reason: 'no such file, folder or model address' })
  }
  const file = join(folder, 'profile.json')
  const kind = await stat(file).catch(() => undefined)
  return kind?.isFile() ? await readModelFile(file) : undefined
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new FdsError('PROFILE_INVALID', { reason: 'it is not JSON' }, { cause })
  }
}
