/** Tag of a model version: whether it has passed its gates. */
export const VALIDATION_STATUS = 'validation_status'
export const VALIDATION_STATUSES = ['pending', 'passed', 'failed'] as const
export type ValidationStatus = (typeof VALIDATION_STATUSES)[number]

/** Tag of a model version: where it is deployed. Which version decides is said by the alias `champion` alone. */
export const DEPLOYMENT_ENV = 'deployment_env'
export const DEPLOYMENT_ENVS = ['dev', 'staging', 'prod'] as const

/** The values that each of these tags may have; MLflow's protocol itself takes any. */
export const KNOWN_VERSION_TAGS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  [VALIDATION_STATUS, VALIDATION_STATUSES],
  [DEPLOYMENT_ENV, DEPLOYMENT_ENVS],
])
