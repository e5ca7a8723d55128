# Optuna's side of functions.ts: {"functions", "seeds", "trials"} as JSON on standard input; on standard output, by
# function, the best value of each seed.
import json
import os
import sys

import optuna

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../test/fixtures/tuning"))
import functions

optuna.logging.set_verbosity(optuna.logging.ERROR)


def best(objective, seed, trials):
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(objective, n_trials=trials)
    return study.best_value


asked = json.load(sys.stdin)
answers = {
    name: [best(getattr(functions, name), seed, asked["trials"]) for seed in range(asked["seeds"])]
    for name in asked["functions"]
}
print(json.dumps(answers))
