import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Arm } from '../../monitoring/experiments/assign.ts'
import { API_PREFIXES } from '../../tracking/protocol/endpoints.ts'
import type { Telemetry } from './telemetry.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The arm that decided, set by the routes that decide. */
    arm: Arm | 'none'
  }
}

/** MLflow's calls together; each for itself is in the tracking server's own metrics. */
export const MLFLOW_ENDPOINT = '/api/2.0/*'

/** What proxies call a caller that left before the answer. */
export const CLIENT_CLOSED = 499

/** Counts one request, once it is over. */
export function countRequest(telemetry: Telemetry, request: FastifyRequest, reply: FastifyReply): void {
  telemetry.requestStarted()
  // "close" follows an answer and a broken connection alike; Fastify's own hook runs for the former alone
  reply.raw.once('close', () => {
    telemetry.requestEnded({
      endpoint: endpointOf(request),
      status: reply.raw.writableEnded ? reply.raw.statusCode : CLIENT_CLOSED,
      arm: request.arm,
      seconds: reply.elapsedTime / 1000,
    })
  })
}

function endpointOf({ routeOptions: { url = 'unknown' } }: FastifyRequest): string {
  return API_PREFIXES.some((prefix) => url.startsWith(`${prefix}/`)) ? MLFLOW_ENDPOINT : url
}
