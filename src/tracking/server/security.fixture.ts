import { type FastifyInstance, fastify, type LightMyRequestResponse } from 'fastify'
import type { TrackingServerInput } from './tracking-server.ts'
import { openTestServer, type TestServer } from './tracking-test-server.ts'

/** A route as the server registered it, with a path that meets it. */
export interface ServedRoute {
  readonly method: string
  readonly pattern: string
  readonly url: string
  readonly effect: 'none' | 'read' | 'write' | 'once' | undefined
}

export interface Sent {
  readonly method?: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly payload?: string | object | Buffer
}

export interface GuardedServer {
  readonly served: TestServer
  readonly app: FastifyInstance
  /** Every route of the server, so that a new one is in every test from the start. */
  readonly routes: readonly ServedRoute[]
  send(given: Sent): Promise<LightMyRequestResponse>
  close(): Promise<void>
}

/** For tests: the server's routes in an app of their own, guarded as they are on a socket. */
export async function openGuardedServer(options: Partial<TrackingServerInput> = {}): Promise<GuardedServer> {
  const served = await openTestServer(options)
  const app = fastify()
  const routes: ServedRoute[] = []
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat()) {
      routes.push({ method: one, pattern: url, url: url.replace(/:\w+|\*/g, 'a'), effect: config?.effect })
    }
  })
  await app.register(served.server.routes, { health: true })
  await app.ready()
  return injectedServer(served, app, routes)
}

/** Sends to the app without a socket; closing closes the server too. */
export function injectedServer(
  served: TestServer,
  app: FastifyInstance,
  routes: readonly ServedRoute[],
): GuardedServer {
  return {
    served,
    app,
    routes,
    send: ({ method = 'GET', ...rest }) => app.inject({ method: method as 'GET', ...rest }),
    close: async () => {
      await app.close()
      await served.close()
    },
  }
}

/** The routes that the guards apply to: all but `/health` and `/version`. */
export function guarded(routes: readonly ServedRoute[]): ServedRoute[] {
  return routes.filter(({ effect }) => effect !== 'none')
}

export const changesState = ({ effect }: ServedRoute): boolean => effect !== 'none' && effect !== 'read'
