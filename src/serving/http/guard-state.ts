import type { FastifyInstance, FastifyRequest } from 'fastify'
import { FdsError } from '../../errors.ts'
import type { AccessPolicy } from '../../tracking/index.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route changes no state that the policy guards, although its method may. */
    readonly open?: boolean
    /** Everybody may ask, whatever the policy says. */
    readonly everybody?: boolean
  }
}

const READ_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Demands the role `write` for every call that changes state, such as labels: whatever does not read and is not
 * declared open by its route; the role `read` for all others but the probes of health. Deciding on a transaction
 * is open: every payment goes through it, and it adds a decision without changing one. UNAUTHORIZED, FORBIDDEN,
 * LOGINS_TOO_MANY.
 */
export function guardState(app: FastifyInstance, access: AccessPolicy): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.everybody) return
    const verdict = await access.judge(request, changesState(request) ? 'write' : 'read')
    if (verdict === 'forbidden') throw new FdsError('FORBIDDEN', {})
    if (verdict === 'busy') throw new FdsError('LOGINS_TOO_MANY', {})
    if (verdict === 'unknown') {
      reply.header('www-authenticate', access.challenge)
      throw new FdsError('UNAUTHORIZED', {})
    }
  })
}

function changesState({ method, is404, routeOptions }: FastifyRequest): boolean {
  return !is404 && !READ_METHODS.has(method) && routeOptions.config.open !== true
}
