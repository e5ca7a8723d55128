import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import type { Logger } from '../../log.ts'

/**
 * Connections to PostgreSQL that wait as seldom as they can: statements are sent without waiting for the answers to
 * those before them, so a transaction begins with its first statement, and a text that comes again is parsed and
 * planned once a connection. Integers are numbers.
 *
 * @param schema where names without a schema are looked up
 */
export function createPool({
  databaseUrl,
  schema,
  logger,
}: {
  databaseUrl: string
  schema: string
  logger: Logger
}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    options: `-c search_path=${schema}`,
    application_name: 'fds',
    pipeline: true,
    types: { getTypeParser: (id, format) => (id === INT8 ? Number : pg.types.getTypeParser(id, format)) },
  } as pg.PoolConfig)
  // a connection that breaks while it is idle is replaced at the next call
  pool.on('error', (error) => logger.warn({ err: error }, 'a database connection broke'))
  return pool
}

/** The pool in the form that Kysely takes. */
export function kyselyPool(pool: pg.Pool): PostgresPool {
  const names = createNames()
  return {
    connect: async () => wrap(await pool.connect(), names),
    end: () => pool.end(),
  }
}

const CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 5000
const INT8 = 20

function wrap(client: pg.PoolClient, nameOf: (text: string) => string | undefined): PostgresPoolClient {
  const query = (text: string, values: readonly unknown[]): Promise<object> => {
    const sent = client.query({ text, values: [...values], name: nameOf(text) })
    if (text !== 'begin') return sent
    // where it fails, so does what follows it
    sent.catch(() => {})
    return Promise.resolve(NOTHING)
  }
  return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release() }
}

const NOTHING = { command: 'SELECT', rowCount: 0, rows: [] }

/** Names of prepared statements: of the first texts that come, and of none so long that it holds a list of ids. */
function createNames(): (text: string) => string | undefined {
  const names = new Map<string, string>()
  return (text) => {
    if (text.length > LONGEST_NAMED || text.indexOf('$1') < 0) return undefined
    const known = names.get(text)
    if (known !== undefined || names.size >= MOST_NAMED) return known
    const name = `fds_${names.size}`
    names.set(text, name)
    return name
  }
}

const LONGEST_NAMED = 4096
const MOST_NAMED = 200
