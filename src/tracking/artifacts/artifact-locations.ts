import { fileURLToPath } from 'node:url'
import { FdsError } from '../../errors.ts'
import { checkLength, LIMITS } from '../protocol/limits.ts'
import { refuse } from '../protocol/refusal.ts'
import type { ArtifactLocations } from '../store/store-context.ts'
import { checkFolderPath, refuseArtifactPath } from './artifact-path.ts'

export interface ServedLocations extends ArtifactLocations {
  /** The folder on this machine. */
  readonly folder: string
  /** The path below the folder that a location names; refuses one that is not below it. */
  pathOf(location: string): string
}

/**
 * Artifact locations for one root. A root that is a path is served: locations are `mlflow-artifacts:/…` and clients
 * send files through the server. A root that is a `file:` URL is the operator's word that clients share the disk:
 * locations are below that URL and clients write there themselves, as MLflow does with such a root. Of a client
 * nothing else is taken: no other scheme, no other host, no path out of the root.
 */
export function createArtifactLocations(root: string): ServedLocations {
  if (/^(?!file:)[a-z][a-z0-9+.-]+:/i.test(root)) {
    throw new FdsError('CONFIG_INVALID', {
      name: 'artifactRoot',
      expected: 'a path or a file: URL',
      got: root,
    })
  }
  const isShared = root.startsWith('file:')
  const base = isShared ? root.replace(/\/+$/, '') : SERVED
  const pathOf = (location: string): string => {
    const rest = [base, SERVED].find((start) => location.startsWith(`${start}/`) || location === start)
    return rest === undefined ? refuseLocation(location, base) : checkBelow(location.slice(rest.length))
  }
  return {
    folder: isShared ? fileURLToPath(root) : root,
    pathOf,
    ofExperiment: (experimentId) => `${base}/${experimentId}`,
    checkLocation: (location) => {
      checkLength(location, LIMITS.location, 'artifact_location')
      return `${location.startsWith(SERVED) ? SERVED : base}/${pathOf(location)}`
    },
  }
}

const SERVED = 'mlflow-artifacts:'

/** `/1/ab` and `///1//ab` (no host) are below the root; `//host/1/ab` names a host and is not. */
function checkBelow(rest: string): string {
  if (/^\/\/[^/]/.test(rest)) refuseArtifactPath()
  return checkFolderPath(rest.replace(/\/+/g, '/').replace(/^\//, ''))
}

function refuseLocation(location: string, base: string): never {
  return refuse(
    'INVALID_PARAMETER_VALUE',
    `Invalid artifact location '${location}': this server keeps artifacts below ${base}/ alone`,
  )
}
