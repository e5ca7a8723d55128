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
 * less than what it measures. Latencies are in milliseconds; with a rate they count from the time when the request
 * was due, and this process's timer, a millisecond at most, is in them. Any answer but 200 ends it with an error.
 */
export async function openLoad(options: LoadOptions): Promise<{ latencies: number[] }> {
  const sockets = await Promise.all(
    Array.from({ length: options.connections }, () => openSocket(options.address)),
  )
  const clock = options.rate === undefined ? closedClock(options) : openClock(options, options.rate)
  const latencies: number[] = []
  await Promise.all(sockets.map((socket) => drive(socket, { request: requestOf(options), clock, latencies })))
  clock.stop()
  return { latencies }
}

/** Says when the next request is due; `undefined` when there is none any more. */
interface Clock {
  next(): Promise<number | undefined> | number | undefined
  stop(): void
}

function closedClock({ seconds }: LoadOptions): Clock {
  const end = performance.now() + seconds * 1000
  return {
    next: () => {
      const now = performance.now()
      return now < end ? now : undefined
    },
    stop: () => {},
  }
}

/** Hands out arrivals at fixed times, at once where they are overdue, else to the connection that waits longest. */
function openClock({ seconds }: LoadOptions, rate: number): Clock {
  const start = performance.now()
  const count = Math.floor(seconds * rate)
  const waiting: ((due: number | undefined) => void)[] = []
  let taken = 0
  const dueOf = (index: number) => start + (index * 1000) / rate
  const timer = setInterval(() => {
    const now = performance.now()
    while (waiting.length > 0 && (taken >= count || dueOf(taken) <= now)) waiting.shift()!(take())
  }, 1)
  const take = (): number | undefined => (taken < count ? dueOf(taken++) : undefined)
  return {
    next: () => {
      if (taken >= count || dueOf(taken) <= performance.now()) return take()
      return new Promise((resolve) => waiting.push(resolve))
    },
    stop: () => clearInterval(timer),
  }
}

interface Drive {
  readonly request: Buffer
  readonly clock: Clock
  readonly latencies: number[]
}

/** One connection: ask, wait for the whole answer, ask again. */
async function drive(socket: Socket, { request, clock, latencies }: Drive): Promise<void> {
  const answers = createAnswerCounter()
  for (;;) {
    const next = clock.next()
    const due = typeof next === 'object' ? await next : next
    if (due === undefined) break
    socket.write(request)
    while (!answers.take()) answers.add(await nextChunk(socket))
    latencies.push(performance.now() - due)
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
