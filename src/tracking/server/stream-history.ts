import { Readable } from 'node:stream'
import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { encodeMessage } from '../protocol/fields.ts'
import { metric } from '../protocol/messages.ts'
import type { TrackingStore } from '../store/tracking-store.ts'

type Request = CallRequest<'getMetricHistory'>
type Page = CallResponse<'getMetricHistory'>

/**
 * A history as long as the caller asked for, all of it without `maxResults`: the JSON is written page by page while
 * it is sent, so a million points take the memory of one page. Refusals come before the first byte.
 */
export async function streamHistory(store: TrackingStore, request: Request): Promise<Readable> {
  const first = await store.getMetricHistory(request)
  if (first.metrics.length === 0) return Readable.from(['{}'])
  return Readable.from(writePages(store, request, first))
}

async function* writePages(store: TrackingStore, request: Request, first: Page): AsyncGenerator<string> {
  const most = request.maxResults ?? Number.POSITIVE_INFINITY
  let page = first
  let count = page.metrics.length
  yield `{"metrics":[${writePoints(page)}`
  while (page.nextPageToken !== undefined && count < most) {
    const left = most === Number.POSITIVE_INFINITY ? undefined : most - count
    page = await store.getMetricHistory({ ...request, maxResults: left, pageToken: page.nextPageToken })
    count += page.metrics.length
    yield `,${writePoints(page)}`
  }
  const token = page.nextPageToken
  yield token === undefined ? ']}' : `],"next_page_token":${JSON.stringify(token)}}`
}

function writePoints({ metrics }: Page): string {
  return metrics.map((point) => JSON.stringify(encodeMessage(metric, point))).join(',')
}
