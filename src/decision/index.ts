export { type BusinessCost, type BusinessCostOptions, calculateBusinessCost } from './business-cost.ts'
export { checkOption } from './check-option.ts'
export { type CheckedScores, checkScores } from './check-scores.ts'
export {
  findOptimalThreshold,
  type OptimalThreshold,
  type OptimalThresholdOptions,
  type ThresholdCost,
} from './find-optimal-threshold.ts'
export { createPolicy, DEFAULT_POLICY, type Policy, type PolicyInput, parsePolicy } from './policy.ts'
export { RISK_LEVELS, type RiskLevel, riskLevel } from './risk-level.ts'
