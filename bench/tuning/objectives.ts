import type { Trial } from '../../src/tuning/index.ts'

/** What is minimised: a value for a trial. `functions_peer.py` has the same in Python. */
export type TestFunction = (trial: Trial) => number

/** The six functions of the reference, in their usual definitions, and two of them with the minimum off the centre. */
export const FUNCTIONS = {
  branin: { title: 'Branin, 2-D', value: branin },
  hartmann6: { title: 'Hartmann, 6-D', value: hartmann6 },
  rosenbrock10: { title: 'Rosenbrock, 10-D', value: rosenbrock10 },
  sphere10: { title: 'Sphere, 10-D', value: sphere10 },
  ackley5: { title: 'Ackley, 5-D', value: ackley5 },
  xgb7: { title: 'xgb7, 7-D, log and whole numbers', value: xgb7 },
  sphere_off: { title: 'Sphere off its centre, 10-D', value: sphereOff },
  ackley_off: { title: 'Ackley off its centre, 5-D', value: ackleyOff },
} as const satisfies Record<string, { title: string; value: TestFunction }>

export type FunctionName = keyof typeof FUNCTIONS

function branin(trial: Trial): number {
  const x = trial.suggestFloat('x', -5, 10)
  const y = trial.suggestFloat('y', 0, 15)
  const bend = y - (5.1 * x * x) / (4 * Math.PI ** 2) + (5 * x) / Math.PI - 6
  return bend * bend + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10
}

function hartmann6(trial: Trial): number {
  const x = coordinates(trial, 6, 0, 1)
  return -[1, 1.2, 3, 3.2].reduce((sum, height, peak) => {
    const distance = x.reduce((d, at, i) => d + HARTMANN_A[peak]![i]! * (at - HARTMANN_P[peak]![i]!) ** 2, 0)
    return sum + height * Math.exp(-distance)
  }, 0)
}

function rosenbrock10(trial: Trial): number {
  const x = coordinates(trial, 10, -5, 5)
  return x.slice(1).reduce((sum, next, i) => sum + 100 * (next - x[i]! * x[i]!) ** 2 + (1 - x[i]!) ** 2, 0)
}

function sphere10(trial: Trial): number {
  return coordinates(trial, 10, -5, 5).reduce((sum, x) => sum + x * x, 0)
}

function sphereOff(trial: Trial): number {
  const at = [1.7, -2.3, 3.1, 0.4, -3.6, 2.2, -1.1, 0.9, -2.9, 3.8]
  return coordinates(trial, 10, -5, 5).reduce((sum, x, i) => sum + (x - at[i]!) ** 2, 0)
}

function ackleyOff(trial: Trial): number {
  const at = [9.3, -12.1, 4.4, -17.8, 14.6]
  return ackley(coordinates(trial, 5, -32.768, 32.768).map((x, i) => x - at[i]!))
}

function ackley5(trial: Trial): number {
  return ackley(coordinates(trial, 5, -32.768, 32.768))
}

function ackley(x: readonly number[]): number {
  const square = x.reduce((sum, at) => sum + at * at, 0) / x.length
  const ripple = x.reduce((sum, at) => sum + Math.cos(2 * Math.PI * at), 0) / x.length
  return -20 * Math.exp(-0.2 * Math.sqrt(square)) - Math.exp(ripple) + 20 + Math.E
}

/** Seven parameters of XGBoost with couplings such as those of learning rate and trees; the least value is 0. */
function xgb7(trial: Trial): number {
  const rate = Math.log(trial.suggestFloat('learning_rate', 0.005, 0.3, { log: true }) / 0.05) / Math.log(6)
  const trees = Math.log(trial.suggestInt('n_estimators', 50, 2000, { log: true }) / 600) / Math.log(4)
  const depth = (trial.suggestInt('max_depth', 3, 12) - 7) / 4
  const rows = (trial.suggestFloat('subsample', 0.5, 1) - 0.8) / 0.2
  const columns = (trial.suggestFloat('colsample_bytree', 0.3, 1) - 0.7) / 0.2
  const lambda = Math.log10(trial.suggestFloat('reg_lambda', 1e-3, 100, { log: true })) / 2
  const weight = Math.log10(trial.suggestFloat('min_child_weight', 0.1, 100, { log: true })) - 0.7
  const boosting = rate ** 2 + trees ** 2 + 1.6 * rate * trees + depth ** 2
  return boosting + 0.5 * rows ** 2 + 0.5 * columns ** 2 + lambda ** 2 + weight ** 2 + 0.8 * depth * weight
}

function coordinates(trial: Trial, count: number, low: number, high: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => trial.suggestFloat(`x${i}`, low, high))
}

// biome-ignore format: tables
const HARTMANN_A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
// biome-ignore format: tables
const HARTMANN_P = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]
