// Senders that are slow, broken or odd, on real sockets: each is answered or cut off, and the next one is served.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import test, { type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fixtureModel } from '../models/model.fixture.ts'
import { fixtureApp } from './app.fixture.ts'

const { files } = fixtureModel()
const BODY = JSON.stringify({ transaction_id: 'tx-1', amount: 12.5 })

async function serve(t: TestContext) {
  const { app, models, log } = await fixtureApp(t, { host: '127.0.0.1' })
  models.serve(files, '1')
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const port = Number(new URL(address).port)
  const open = async (): Promise<Socket> => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    socket.on('error', () => {})
    t.after(() => socket.destroy())
    await once(socket, 'connect')
    return socket
  }
  const assertServes = async () => {
    const { status, body } = await send(await open(), post(BODY))
    assert.deepEqual([status, JSON.parse(body).transaction_id], [200, 'tx-1'])
  }
  return { open, assertServes, log }
}

interface Answer {
  readonly status: number
  readonly head: string
  readonly body: string
}

function post(body: string | Buffer, headers: readonly string[] = []): string {
  const length = `content-length: ${Buffer.byteLength(body)}`
  return head([length, ...headers]) + body.toString()
}

function head(headers: readonly string[], line = 'POST /predict HTTP/1.1'): string {
  const all = [line, 'host: 127.0.0.1', 'content-type: application/json', ...headers]
  return `${all.join('\r\n')}\r\n\r\n`
}

/** Writes the text and gives the first answer whole. */
async function send(socket: Socket, text: string): Promise<Answer> {
  socket.write(text)
  return (await read(socket, 1))[0]!
}

/** Reads so many answers, all with a length. */
async function read(socket: Socket, count: number): Promise<Answer[]> {
  const answers: Answer[] = []
  let text = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += chunk
    for (let answer = parse(text); answer; answer = parse(text)) {
      answers.push(answer)
      text = text.slice(answer.head.length + 4 + answer.body.length)
    }
    if (answers.length >= count) break
  }
  assert.equal(answers.length, count, `whole answers in ${JSON.stringify(text)}`)
  return answers
}

function parse(text: string): Answer | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const top = text.slice(0, end)
  const length = Number(/^content-length: *(\d+)/im.exec(top)?.[1] ?? 0)
  const body = text.slice(end + 4, end + 4 + length)
  if (body.length < length) return undefined
  return { status: Number(top.split(' ')[1]), head: top, body }
}

test('pipelined requests are answered in order', async (t) => {
  const { open } = await serve(t)
  const socket = await open()
  const bodies = ['a', 'b', 'c', 'd'].map((id) => JSON.stringify({ transaction_id: id, amount: 1 }))
  socket.write(bodies.map((body) => post(body)).join(''))
  const answers = await read(socket, 4)
  assert.deepEqual(
    answers.map(({ status, body }) => [status, JSON.parse(body).transaction_id]),
    [
      [200, 'a'],
      [200, 'b'],
      [200, 'c'],
      [200, 'd'],
    ],
  )
})

test('a bad request in a pipeline spoils none beside it', async (t) => {
  const { open } = await serve(t)
  const socket = await open()
  socket.write(post(BODY) + post('{"amount":') + post(BODY))
  assert.deepEqual(
    (await read(socket, 3)).map(({ status }) => status),
    [200, 400, 200],
  )
})

test('a sender that closes its half holds nothing, and may ask again', async (t) => {
  const { open, assertServes } = await serve(t)
  const socket = await open()
  socket.resume().end(post(BODY))
  // Node takes it for a sender that has left
  await once(socket, 'close')
  await assertServes()
})

test('a body that breaks off is no decision, and the next sender is served', async (t) => {
  const { open, assertServes, log } = await serve(t)
  for (const leave of [(socket: Socket) => socket.resetAndDestroy(), (socket: Socket) => socket.destroy()]) {
    const socket = await open()
    const body = JSON.stringify({ transaction_id: 'broken', amount: 3 })
    socket.write(post(body).slice(0, -4))
    await sleep(20)
    leave(socket)
  }
  await assertServes()
  assert.equal(await log.find('broken'), undefined)
})

test('Expect: 100-continue is granted before the body', async (t) => {
  const { open } = await serve(t)
  const socket = await open()
  const whole = post(BODY, ['expect: 100-continue'])
  const [interim] = await Promise.all([
    read(socket, 1),
    socket.write(whole.slice(0, whole.length - BODY.length)),
  ])
  assert.equal(interim[0]!.status, 100)
  const answer = await send(socket, BODY)
  assert.equal(answer.status, 200)
})

test('a chunked body is read as a whole one', async (t) => {
  const { open } = await serve(t)
  const socket = await open()
  const chunks = [BODY.slice(0, 7), BODY.slice(7)].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`)
  const chunked = await send(socket, `${head(['transfer-encoding: chunked'])}${chunks.join('')}0\r\n\r\n`)
  const plain = await send(await open(), post(BODY))
  assert.equal(chunked.status, 200)
  assert.equal(chunked.body, plain.body)
})

test('a length that is wrong is refused or waited for, never decided on half a body', async (t) => {
  const { open, assertServes } = await serve(t)
  const short = await send(await open(), head([`content-length: ${BODY.length - 3}`]) + BODY)
  assert.equal(short.status, 400)
  for (const lengths of [
    ['content-length: x'],
    ['content-length: -1'],
    ['content-length: 5', 'content-length: 6'],
  ]) {
    assert.equal((await send(await open(), head(lengths) + BODY)).status, 400)
  }
  const both = ['content-length: 5', 'transfer-encoding: chunked']
  assert.equal((await send(await open(), head(both))).status, 400)
  const long = await open()
  long.write(head([`content-length: ${BODY.length + 10}`]) + BODY)
  await assertServes()
  long.destroy()
})

test('huge headers are refused', async (t) => {
  const { open, assertServes } = await serve(t)
  const { status } = await send(await open(), head([`x-filler: ${'x'.repeat(100_000)}`]))
  assert.equal(status, 431)
  await assertServes()
})

test('many slow senders, in headers and in bodies, keep nobody else waiting', async (t) => {
  const { open, assertServes } = await serve(t)
  const whole = post(BODY)
  const sockets = await Promise.all(Array.from({ length: 200 }, open))
  for (const [i, socket] of sockets.entries())
    socket.write(whole.slice(0, i % 2 === 0 ? 30 : whole.length - 5))
  for (let i = 0; i < 5; i++) await assertServes()
  for (const socket of sockets) socket.destroy()
})
