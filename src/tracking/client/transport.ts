/** One HTTP exchange, whoever carries it: `fetch`, or the embedded server in the same process. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>

export interface TransportRequest {
  readonly method: string
  /** From the root, percent-encoded, without a query. */
  readonly path: string
  /** Encoded, without the question mark. */
  readonly query?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly signal?: AbortSignal
}

export interface TransportResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Carries requests by `fetch` to the server at `uri` (`http://host:port`, a path prefix is kept). */
export function createHttpTransport(uri: string): Transport {
  const base = uri.replace(/\/+$/, '')
  return async ({ method, path, query, headers, body, signal }) => {
    const response = await fetch(query ? `${base}${path}?${query}` : base + path, {
      method,
      headers,
      body: body ?? null,
      signal: signal ?? null,
    })
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: new Uint8Array(await response.arrayBuffer()),
    }
  }
}
