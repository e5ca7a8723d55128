import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import test from 'node:test'
import { fastify } from 'fastify'
import { limitBodyTime } from './body-deadline.ts'

test('a body that does not end is broken off, an upload goes on', async (t) => {
  const app = fastify()
  limitBodyTime(app, 20)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body))
  app.route({ method: ['POST', 'PUT'], url: '/', handler: async ({ body }) => `got ${body}` })
  t.after(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const begin = (method: string, length: string) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(`${method} / HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\n${length}\r\n\r\n`)
    return socket
  }
  const upload = begin('PUT', 'Content-Length: 3')
  upload.write('a')
  for (const length of ['Content-Length: 3', 'Transfer-Encoding: chunked']) {
    const slow = begin('POST', length)
    slow.on('error', () => {})
    slow.resume()
    await once(slow, 'close')
  }
  upload.write('bc')
  const [answer] = await once(upload, 'data')
  assert.match(String(answer), /200 OK[\s\S]*got abc$/)
  upload.destroy()
  const quick = begin('POST', 'Content-Length: 3')
  quick.write('abc')
  assert.match(String((await once(quick, 'data'))[0]), /200 OK[\s\S]*got abc$/)
  quick.destroy()
})
