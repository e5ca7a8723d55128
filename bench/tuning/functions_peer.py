# Optuna's side of functions.ts: {"functions", "seeds", "trials"} as JSON on standard input; on standard output, by
# function, the best value of each seed. The functions are those of objectives.ts, written down a second time.
import json
import math
import sys

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)


def coordinates(trial, count, low, high):
    return [trial.suggest_float(f"x{i}", low, high) for i in range(count)]


def branin(trial):
    x = trial.suggest_float("x", -5, 10)
    y = trial.suggest_float("y", 0, 15)
    bend = y - 5.1 * x * x / (4 * math.pi**2) + 5 * x / math.pi - 6
    return bend * bend + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


HEIGHTS = [1, 1.2, 3, 3.2]
A = [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
]
P = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]


def hartmann6(trial):
    x = coordinates(trial, 6, 0, 1)
    distances = [sum(a * (at - p) ** 2 for a, p, at in zip(A[k], P[k], x)) for k in range(4)]
    return -sum(height * math.exp(-distance) for height, distance in zip(HEIGHTS, distances))


def rosenbrock10(trial):
    x = coordinates(trial, 10, -5, 5)
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


def sphere10(trial):
    return sum(x * x for x in coordinates(trial, 10, -5, 5))


def sphere_off(trial):
    at = [1.7, -2.3, 3.1, 0.4, -3.6, 2.2, -1.1, 0.9, -2.9, 3.8]
    return sum((x - a) ** 2 for x, a in zip(coordinates(trial, 10, -5, 5), at))


def ackley(x):
    square = sum(at * at for at in x) / len(x)
    ripple = sum(math.cos(2 * math.pi * at) for at in x) / len(x)
    return -20 * math.exp(-0.2 * math.sqrt(square)) - math.exp(ripple) + 20 + math.e


def ackley5(trial):
    return ackley(coordinates(trial, 5, -32.768, 32.768))


def ackley_off(trial):
    at = [9.3, -12.1, 4.4, -17.8, 14.6]
    return ackley([x - a for x, a in zip(coordinates(trial, 5, -32.768, 32.768), at)])


def xgb7(trial):
    rate = math.log(trial.suggest_float("learning_rate", 0.005, 0.3, log=True) / 0.05) / math.log(6)
    trees = math.log(trial.suggest_int("n_estimators", 50, 2000, log=True) / 600) / math.log(4)
    depth = (trial.suggest_int("max_depth", 3, 12) - 7) / 4
    rows = (trial.suggest_float("subsample", 0.5, 1) - 0.8) / 0.2
    columns = (trial.suggest_float("colsample_bytree", 0.3, 1) - 0.7) / 0.2
    penalty = math.log10(trial.suggest_float("reg_lambda", 1e-3, 100, log=True)) / 2
    weight = math.log10(trial.suggest_float("min_child_weight", 0.1, 100, log=True)) - 0.7
    boosting = rate**2 + trees**2 + 1.6 * rate * trees + depth**2
    return boosting + 0.5 * rows**2 + 0.5 * columns**2 + penalty**2 + weight**2 + 0.8 * depth * weight


def best(objective, seed, trials):
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(objective, n_trials=trials)
    return study.best_value


asked = json.load(sys.stdin)
answers = {
    name: [best(globals()[name], seed, asked["trials"]) for seed in range(asked["seeds"])]
    for name in asked["functions"]
}
print(json.dumps(answers))
