// What `without-telemetry.ts` puts in the place of the service's counts.
import type { Telemetry } from '../../src/serving/telemetry/telemetry.ts'

export const LABEL_SOURCES = ['chargeback', 'review', 'customer', 'other']
export const CLIENT_CLOSED = 499

const nothing = () => {}

export const countRequest = nothing

export function createTelemetry(): Telemetry {
  return {
    contentType: 'text/plain',
    requestStarted: nothing,
    requestEnded: nothing,
    decided: nothing,
    labelled: nothing,
    labelsUnknown: nothing,
    labelDelayed: nothing,
    fellBack: nothing,
    shed: nothing,
    rateLimited: nothing,
    shadowed: nothing,
    disagreed: nothing,
    exposition: async () => '',
    snapshot: async () => [],
  }
}

export class DriftCounter {
  count(): void {}
}
