import type { MessageOf, Shape } from './fields.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** One call of MLflow's protocol, written once: the client sends by it, the server answers by it. */
export interface Endpoint<Request extends Shape = Shape, Response extends Shape = Shape> {
  /** The first is what the client sends; the server answers each. */
  readonly methods: readonly [Method, ...Method[]]
  /** Below `/api/2.0` and `/ajax-api/2.0`; `{model_id}` stands for one segment. */
  readonly path: string
  readonly request: Request
  readonly response: Response
  /**
   * `read` changes nothing, whatever its method. `write` may be repeated after an answer that got lost.
   * `once` may not: a second call would make a second thing or be refused.
   */
  readonly effect: 'read' | 'write' | 'once'
  /** MLflow's own web page calls it: below `/ajax-api/2.0/mlflow` alone. */
  readonly ajaxOnly?: true
  /** MLflow's own server answers it below `/ajax-api` alone, ours below both. */
  readonly ajaxFirst?: true
}

export type RequestOf<E> = E extends Endpoint<infer Request, Shape> ? MessageOf<Request> : never
export type ResponseOf<E> = E extends Endpoint<Shape, infer Response> ? MessageOf<Response> : never

/** `read('GET /runs/get', request, response)`: a call that changes nothing. */
export const read = endpointsOf('read')
/** A call that may be repeated. */
export const write = endpointsOf('write')
/** A call that may not be repeated. */
export const once = endpointsOf('once')

function endpointsOf(effect: Endpoint['effect']) {
  return <Request extends Shape, Response extends Shape>(
    call: string,
    request: Request,
    response: Response,
  ): Endpoint<Request, Response> => ({ ...parseCall(call), request, response, effect })
}

/** The endpoint, for MLflow's own web page alone. */
export function ajaxOnly<E extends Endpoint>(endpoint: E): E & { ajaxOnly: true } {
  return { ...endpoint, ajaxOnly: true }
}

/** The endpoint, which our client asks for below `/ajax-api`. */
export function ajaxFirst<E extends Endpoint>(endpoint: E): E & { ajaxFirst: true } {
  return { ...endpoint, ajaxFirst: true }
}

/** `'POST|GET /experiments/search'` → both methods and the path, below `/mlflow` unless it is one of `/fds`. */
function parseCall(call: string): Pick<Endpoint, 'methods' | 'path'> {
  const [methods, path] = call.split(' ') as [string, string]
  const below = path.startsWith('/fds/') ? '' : '/mlflow'
  return { methods: methods.split('|') as [Method, ...Method[]], path: below + path }
}
