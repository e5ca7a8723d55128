/** Where the serving tables lie in PostgreSQL. */
export const SERVING_SCHEMA = 'fds_serving'
