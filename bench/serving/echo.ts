// The least that a service of JSON can do on node:http: parse the body, answer with one field of it.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { amount } = JSON.parse(Buffer.concat(chunks).toString()) as { amount: number }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ transaction_id: 'x', amount, model: { name: 'echo', version: '1' } }))
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
