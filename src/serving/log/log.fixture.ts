import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { FdsError } from '../../errors.ts'
import type { Decision, Label, ShadowScore } from './decision.ts'

export function decisionOf(transactionId: string, changes: Partial<Decision> = {}): Decision {
  return {
    transactionId,
    transactionJson: '{"amount":12.5,"merchant":"café","online":true,"distance":null}',
    entity: 'customer-1',
    eventTime: 1_735_689_600.25,
    experiment: null,
    arm: 'champion',
    failedArm: null,
    modelName: 'fraud_detector',
    modelVersion: '1',
    policyVersion: 'p-12345678',
    probability: 0.1234567890123,
    riskLevel: 'approve',
    latencyMs: 1.5,
    createdAt: 1_735_689_601,
    ...changes,
  }
}

export function shadowOf(transactionId: string, changes: Partial<ShadowScore> = {}): ShadowScore {
  return {
    transactionId,
    arm: 'challenger',
    modelVersion: '2',
    policyVersion: 'p-87654321',
    probability: 0.75,
    riskLevel: 'block',
    createdAt: 1_735_689_602,
    ...changes,
  }
}

export function labelOf(transactionId: string, changes: Partial<Label> = {}): Label {
  const times = { labelTime: 1_736_000_000, receivedAt: 1_736_000_001 }
  return { transactionId, isFraud: true, source: 'chargeback', ...times, ...changes }
}

export function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'fds-log-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const codeIs = (code: string) => (error: unknown) => error instanceof FdsError && error.code === code
