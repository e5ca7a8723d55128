import type { Group } from './rules/alert.ts'
import { driftGroup } from './rules/drift-alerts.ts'
import { modelGroup } from './rules/model-alerts.ts'
import { objectiveGroups } from './rules/objectives.ts'
import { experimentGroup, recordGroup } from './rules/record-alerts.ts'
import { serviceGroup } from './rules/service-alerts.ts'
import { realTimes, type Times } from './rules/times.ts'
import { writeCases, writeRules } from './rules/write-rules.ts'

/** Every recording rule and alert, one file each. */
export const GROUPS: readonly Group[] = [
  ...objectiveGroups,
  serviceGroup,
  modelGroup,
  driftGroup,
  recordGroup,
  experimentGroup,
]

/** The rule files by path below `deploy/`; a test passes times that are scaled down. */
export function ruleFiles(time: Times = realTimes): Record<string, string> {
  return Object.fromEntries(
    GROUPS.map((group) => [`prometheus/rules/${group.name}.yml`, writeRules(group, time)]),
  )
}

/** The files of `promtool test rules`, by path below `deploy/`. */
export function ruleTestFiles(): Record<string, string> {
  return Object.fromEntries(GROUPS.map((group) => [`prometheus/tests/${group.name}.yml`, writeCases(group)]))
}
