import { FdsError } from '../../errors.ts'

/** MLflow's error codes that this server answers, each with its HTTP status (`mlflow/exceptions.py`). */
export const MLFLOW_STATUS = {
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  RESOURCE_CONFLICT: 409,
  REQUEST_TOO_LARGE: 413,
  REQUEST_LIMIT_EXCEEDED: 429,
  INTERNAL_ERROR: 500,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
} as const

export type MlflowErrorCode = keyof typeof MLFLOW_STATUS

/** Refuses a tracking request with MLflow's error code; the server answers it with that code's status. */
export function refuse(errorCode: MlflowErrorCode, message: string): never {
  throw new FdsError('TRACKING_REFUSED', { errorCode, message })
}
