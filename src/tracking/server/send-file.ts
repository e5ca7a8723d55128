import { basename, extname } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ArtifactFile, ArtifactStore } from '../artifacts/artifact-store.ts'
import { namesEtag, parseRange } from './byte-range.ts'

/**
 * Answers GET and HEAD with a file, streamed: whole or the part that `Range` asks for, 304 where the caller has it
 * already (`If-None-Match`), 416 where the part lies behind the end. Always a download of a type that no browser
 * guesses, so that nothing stored runs as a page of this server.
 */
export async function sendFile(
  artifacts: ArtifactStore,
  path: string,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const file = await artifacts.open(path)
  const etag = `"${file.version}"`
  reply.headers({ ...headersOf(path), etag, 'accept-ranges': 'bytes', 'cache-control': 'private, no-cache' })
  if (namesEtag(request.headers['if-none-match'], etag)) return sendNothing(reply.code(304), file)
  const range = rangeOf(request, etag, file.size)
  if (range === 'unsatisfiable') {
    return sendNothing(
      reply.code(416).headers({ 'content-range': `bytes */${file.size}`, 'content-length': 0 }),
      file,
    )
  }
  const length = range === 'whole' ? file.size : range.end - range.start + 1
  reply.header('content-length', length)
  if (request.method === 'HEAD') return sendNothing(reply, file)
  if (range === 'whole') return reply.send(file.read())
  reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${file.size}`)
  return reply.send(file.read(range))
}

/** A part is for those who hold the rest of the same file; HEAD has no parts. */
function rangeOf(
  { method, headers }: FastifyRequest,
  etag: string,
  size: number,
): ReturnType<typeof parseRange> {
  const { range, 'if-range': ifRange } = headers
  const isOther = ifRange !== undefined && ifRange.toString().trim() !== etag
  return method === 'HEAD' || isOther ? 'whole' : parseRange(range, size)
}

async function sendNothing(reply: FastifyReply, file: ArtifactFile): Promise<FastifyReply> {
  await file.close()
  return reply.send()
}

function headersOf(path: string): Record<string, string> {
  return {
    'content-type': CONTENT_TYPES.get(extname(path).toLowerCase()) ?? typeWithoutExtension(path),
    'content-disposition': disposition(basename(path)),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'self'; sandbox",
  }
}

/** Without a charset, as MLflow sends it. */
const TEXT = 'text/plain'
const CONTENT_TYPES = new Map([
  ...'.txt .log .err .cfg .conf .ini .toml .yaml .yml .xml .json .js .ts .py .csv .tsv .md .rst'
    .split(' ')
    .map((extension) => [extension, TEXT] as const),
  ['.png', 'image/png'],
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
  ['.gif', 'image/gif'],
  ['.svg', 'image/svg+xml'],
  ['.html', 'text/html; charset=utf-8'],
  ['.pdf', 'application/pdf'],
])

function typeWithoutExtension(path: string): string {
  return /^(mlmodel|mlproject)$/i.test(basename(path)) ? TEXT : 'application/octet-stream'
}

/** The name as ASCII, quoted where it must be, and where that loses something also as RFC 5987 has it. */
function disposition(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]/g, '_')
  const quoted = /^[\w!#$%&'*+.^`|~-]+$/.test(ascii) ? ascii : `"${ascii.replace(/["\\]/g, '\\$&')}"`
  const plain = `attachment; filename=${quoted}`
  if (ascii === name) return plain
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${plain}; filename*=UTF-8''${encoded}`
}
