import type { Trial } from '../study/trial.ts'

/**
 * Functions to be minimised, in their usual definitions, two of them also with the minimum off the centre of the box.
 * `xgb7` has seven parameters of XGBoost with couplings such as that of learning rate and trees; its least value is 0.
 * test/fixtures/tuning/functions.py has the same, operation for operation.
 */
export const TEST_FUNCTIONS = {
  sphere10: (trial: Trial) => sum(reals(trial, 10, [-5, 5]).map((x) => x * x)),
  rosenbrock10(trial: Trial) {
    const xs = reals(trial, 10, [-5, 5])
    const valley = (a: number, b: number) => 100 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a)
    return sum(xs.slice(1).map((b, i) => valley(xs[i]!, b)))
  },
  branin(trial: Trial) {
    const x = trial.suggestFloat('x', -5, 10)
    const y = trial.suggestFloat('y', 0, 15)
    const bowl = y - (5.1 / (4 * Math.PI * Math.PI)) * x * x + (5 / Math.PI) * x - 6
    return bowl * bowl + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10
  },
  ackley5: (trial: Trial) => ackley(reals(trial, 5, [-32.768, 32.768])),
  hartmann6(trial: Trial) {
    const xs = reals(trial, 6, [0, 1])
    return HARTMANN.reduce((total, { height, a, p }) => {
      const distance = sum(xs.map((x, i) => a[i]! * (x - p[i]!) * (x - p[i]!)))
      return total - height * Math.exp(-distance)
    }, 0)
  },
  xgb7(trial: Trial) {
    const rate = Math.log(trial.suggestFloat('learning_rate', 0.005, 0.3, { log: true }) / 0.05) / Math.log(6)
    const trees = Math.log(trial.suggestInt('n_estimators', 50, 2000, { log: true }) / 600) / Math.log(4)
    const depth = (trial.suggestInt('max_depth', 3, 12) - 7) / 4
    const rows = (trial.suggestFloat('subsample', 0.5, 1) - 0.8) / 0.2
    const columns = (trial.suggestFloat('colsample_bytree', 0.3, 1) - 0.7) / 0.2
    const penalty = Math.log10(trial.suggestFloat('reg_lambda', 1e-3, 100, { log: true })) / 2
    const weight = Math.log10(trial.suggestFloat('min_child_weight', 0.1, 100, { log: true })) - 0.7
    const boosting = rate * rate + trees * trees + 1.6 * rate * trees + depth * depth
    const rest = 0.5 * rows * rows + 0.5 * columns * columns + penalty * penalty + weight * weight
    return boosting + rest + 0.8 * depth * weight
  },
  sphere_off(trial: Trial) {
    const at = [1.7, -2.3, 3.1, 0.4, -3.6, 2.2, -1.1, 0.9, -2.9, 3.8]
    return sum(reals(trial, 10, [-5, 5]).map((x, i) => (x - at[i]!) * (x - at[i]!)))
  },
  ackley_off(trial: Trial) {
    const at = [9.3, -12.1, 4.4, -17.8, 14.6]
    return ackley(reals(trial, 5, [-32.768, 32.768]).map((x, i) => x - at[i]!))
  },
}

function ackley(xs: readonly number[]): number {
  const square = sum(xs.map((x) => x * x)) / 5
  const wave = sum(xs.map((x) => Math.cos(2 * Math.PI * x))) / 5
  return -20 * Math.exp(-0.2 * Math.sqrt(square)) - Math.exp(wave) + 20 + Math.E
}

function reals(trial: Trial, count: number, [low, high]: [number, number]): number[] {
  return Array.from({ length: count }, (_, i) => trial.suggestFloat(`x${i}`, low, high))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

const HARTMANN = [
  { height: 1, a: [10, 3, 17, 3.5, 1.7, 8], p: [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886] },
  { height: 1.2, a: [0.05, 10, 17, 0.1, 8, 14], p: [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991] },
  { height: 3, a: [3, 3.5, 1.7, 10, 17, 8], p: [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665] },
  { height: 3.2, a: [17, 8, 0.05, 10, 0.1, 14], p: [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381] },
]
