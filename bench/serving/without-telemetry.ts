// Preloaded into the service (node --import), it puts nothing in the place of whatever counts.
import { registerHooks } from 'node:module'

const COUNTING = ['/telemetry/telemetry.ts', '/telemetry/count-requests.ts', '/models/drift-counter.ts']
const NOTHING = new URL('no-telemetry.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context)
    return COUNTING.some((path) => found.url.endsWith(path)) ? { ...found, url: NOTHING } : found
  },
})
