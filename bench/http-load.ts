import { connect, type Socket } from 'node:net'

export interface LoadOptions {
  readonly address: string
  readonly path: string
  readonly body: string
  readonly connections: number
  readonly seconds: number
  /** Arrivals a second at fixed times; without it each connection asks again as soon as it is answered. */
  readonly rate?: number
}

/**
 * Posts one body again and again over kept-alive connections with as little work as can be, so that the load costs
 * less than what it measures. Latencies are in milliseconds, with a rate from the time when the request was due.
 * Any answer but 200 ends the measurement with an error.
 */
export async function openLoad(options: LoadOptions): Promise<{ latencies: number[] }> {
  const request = requestOf(options)
  const latencies: number[] = []
  const end = performance.now() + options.seconds * 1000
  const sockets = await Promise.all(
    Array.from({ length: options.connections }, () => openSocket(options.address)),
  )
  const due = options.rate === undefined ? undefined : arrivals(options.rate)
  await Promise.all(sockets.map((socket) => drive(socket, { request, end, latencies, ...(due && { due }) })))
  return { latencies }
}

interface Drive {
  readonly request: Buffer
  readonly end: number
  readonly latencies: number[]
  /** The time of the next arrival that no connection has taken yet. */
  readonly due?: () => number
}

/** One connection: ask, wait for the whole answer, ask again. */
async function drive(socket: Socket, { request, end, latencies, due }: Drive): Promise<void> {
  const answers = createAnswerCounter()
  for (;;) {
    const at = due ? due() : performance.now()
    if (at >= end) break
    await until(at)
    socket.write(request)
    while (!answers.take()) answers.add(await nextChunk(socket))
    latencies.push(performance.now() - at)
  }
  socket.destroy()
}

function requestOf({ address, path, body }: LoadOptions): Buffer {
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: ${new URL(address).host}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

async function openSocket(address: string): Promise<Socket> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return socket
}

function arrivals(rate: number): () => number {
  let next = performance.now()
  return () => {
    next += 1000 / rate
    return next
  }
}

/** Waits for a time; timers are no finer than a millisecond, so the last one is spent asking. */
async function until(at: number): Promise<void> {
  const wait = at - performance.now()
  if (wait > 1) await new Promise((wake) => setTimeout(wake, wait - 1))
  while (performance.now() < at) await new Promise((wake) => setImmediate(wake))
}

function nextChunk(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      socket.off('data', onData).off('error', onError).off('close', onClose)
    }
    const onData = (chunk: Buffer) => {
      settle()
      resolve(chunk)
    }
    const onError = (error: Error) => {
      settle()
      reject(error)
    }
    const onClose = () => onError(new Error('the server closed the connection'))
    socket.on('data', onData).on('error', onError).on('close', onClose)
  })
}

/** Finds the ends of answers in a stream of chunks, by their content-length. */
function createAnswerCounter() {
  let text = ''
  return {
    add: (chunk: Buffer): void => {
      text += chunk.toString('latin1')
    },
    take: (): boolean => {
      const headEnd = text.indexOf('\r\n\r\n')
      if (headEnd < 0) return false
      const head = text.slice(0, headEnd).toLowerCase()
      if (!head.startsWith('http/1.1 200')) throw new Error(`the server answered ${text.slice(0, 300)}`)
      const length = Number(/content-length: (\d+)/.exec(head)?.[1])
      const end = headEnd + 4 + length
      if (text.length < end) return false
      text = text.slice(end)
      return true
    },
  }
}
