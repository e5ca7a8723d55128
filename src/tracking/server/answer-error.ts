import type { FastifyReply, FastifyRequest } from 'fastify'
import { FdsError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import { MLFLOW_STATUS, type MlflowErrorCode } from '../protocol/refusal.ts'
import { isStorageTrouble } from '../store/storage-trouble.ts'

/** Answers every failure in MLflow's shape; what nobody expected is logged at ERROR and told as INTERNAL_ERROR. */
export function createErrorHandler(logger: Logger) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const { status, errorCode, message } = answerFor(error)
    if (status >= 500) {
      const line = { err: error, method: request.method, route: request.routeOptions.url }
      if (errorCode === 'INTERNAL_ERROR') logger.error(line, 'tracking request failed')
      else logger.warn(line, 'tracking request refused')
    }
    reply.code(status).send({ error_code: errorCode, message: clip(message) })
  }
}

const LONGEST_MESSAGE = 4000

/** A message may quote what came; an answer never grows with it. */
function clip(message: string): string {
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message
}

interface Answer {
  readonly status: number
  readonly errorCode: MlflowErrorCode
  readonly message: string
}

function answerFor(error: unknown): Answer {
  if (error instanceof FdsError && error.code === 'TRACKING_REFUSED') {
    const { errorCode, message } = (error as FdsError<'TRACKING_REFUSED'>).details
    return answer(errorCode as MlflowErrorCode, message)
  }
  if (isStorageTrouble(error)) {
    return answer(
      'TEMPORARILY_UNAVAILABLE',
      `The tracking database cannot be used now: ${(error as Error).message}`,
    )
  }
  const status = statusOf(error)
  if (status === 413) return answer('REQUEST_TOO_LARGE', (error as Error).message)
  if (status < 500) return { ...answer('BAD_REQUEST', (error as Error).message), status }
  return answer('INTERNAL_ERROR', 'The tracking server failed; its log says why')
}

function answer(errorCode: MlflowErrorCode, message: string): Answer {
  return { status: MLFLOW_STATUS[errorCode], errorCode, message }
}

/** The status that Fastify gives its own refusals, such as a broken Content-Length. */
function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !('statusCode' in error)) return 500
  return typeof error.statusCode === 'number' && error.statusCode >= 400 ? error.statusCode : 500
}
