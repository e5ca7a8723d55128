import { FdsError } from '../../errors.ts'

/** Why an arm may not be what the registry's alias says. */
export const TROUBLES = ['registry_away', 'alias_gone', 'not_loadable'] as const
export type Trouble = (typeof TROUBLES)[number]

/** The cause of a trouble whose alias is there no more. */
export class AliasGone extends Error {
  constructor() {
    super('the registry has no such alias any more')
  }
}

/** What kind of trouble it is, by its cause. */
export function troubleOf({ cause }: FdsError): Trouble {
  if (cause instanceof AliasGone) return 'alias_gone'
  return cause instanceof FdsError && cause.code === 'TRACKING_UNREACHABLE' ? 'registry_away' : 'not_loadable'
}
