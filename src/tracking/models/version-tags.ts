/** Tag of a model version: whether it has passed its gates. */
export const VALIDATION_STATUS = 'validation_status'
export const VALIDATION_STATUSES = ['pending', 'passed', 'failed'] as const
export type ValidationStatus = (typeof VALIDATION_STATUSES)[number]

/** Tag of a model version: where it is deployed. Which version decides is said by the alias `champion` alone. */
export const DEPLOYMENT_ENV = 'deployment_env'
export const DEPLOYMENT_ENVS = ['dev', 'staging', 'prod'] as const
