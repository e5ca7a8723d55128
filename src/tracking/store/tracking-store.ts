import type { CallRequest, CallResponse, EndpointName } from '../protocol/endpoints.ts'

/** Calls that the server answers without the store: they concern files, or are refused. */
export type ServerCall =
  | 'listArtifacts'
  | 'listLoggedModelArtifacts'
  | 'createPresignedUploadUrl'
  | 'createPresignedDownloadUrl'
  | 'transitionModelVersionStage'
export type StoreCall = Exclude<EndpointName, ServerCall>

/** Who calls, as far as the server has proved it. */
export interface Caller {
  readonly user?: string | undefined
}

/**
 * Where tracking and registry live. One method for each call of the protocol, with the protocol's own request and
 * response, so that the server only translates HTTP and every store answers alike (`tracking-store.contract.ts`
 * proves it). An implementer owes:
 * - a write is durable before its promise resolves, and it happens whole or not at all, `logBatch` included;
 * - any number of stores, in any number of processes, may work on the same data at once;
 * - moves of aliases are told to an audit log, in the same transaction, that nothing can change or shorten;
 * - refusals are `TRACKING_REFUSED` with MLflow's error code; limits and names are MLflow's;
 * - reading costs by what is read, not by what is stored; `getMetricHistory` gives pages of at most
 *   `LIMITS.historyPage` points, whatever is asked for, and the server puts them together.
 */
export type TrackingStore = {
  readonly [N in StoreCall]: (request: CallRequest<N>, caller?: Caller) => Promise<CallResponse<N>>
} & { close(): Promise<void> }
