// Our tracking server in a process of its own: node serve.ts HOME PORT [DATABASE_URL]
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { fastify } from 'fastify'
import { createLogger } from '../../src/log.ts'
import { createTrackingServer } from '../../src/tracking/index.ts'

const [home, port, databaseUrl] = process.argv.slice(2)
const server = await createTrackingServer({
  home: home!,
  artifactRoot: join(home!, 'artifacts'),
  now: Date.now,
  random: { uint32: () => randomInt(2 ** 32) },
  logger: createLogger('warn'),
  ...(databaseUrl !== undefined && { databaseUrl }),
})
const app = fastify({ logger: false })
app.register(server.routes, { health: true })
await app.listen({ host: '127.0.0.1', port: Number(port) })
process.once('SIGTERM', async () => {
  await app.close()
  await server.close()
})
