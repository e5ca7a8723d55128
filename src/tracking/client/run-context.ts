import { userInfo } from 'node:os'
import type { Texts } from './entities.ts'

/** Who and what starts a run, as tags: the user of this machine and the program, as `mlflow.tracking.context` says it. */
export function contextTags(): Texts {
  return {
    'mlflow.user': userName(),
    'mlflow.source.name': process.argv[1] ?? '<console>',
    'mlflow.source.type': 'LOCAL',
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // a container may run under a number that has no name
    return 'unknown'
  }
}
