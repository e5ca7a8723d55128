# Optuna's side of suggest.ts: jobs as JSON on standard input, milliseconds of each suggestion on standard output.
import json
import sys
import time

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)


def distribution(one):
    kind = optuna.distributions.IntDistribution if one["kind"] == "int" else optuna.distributions.FloatDistribution
    return kind(one["low"], one["high"], log=one["log"])


def suggest(trial, one):
    ask = trial.suggest_int if one["kind"] == "int" else trial.suggest_float
    return ask(one["name"], one["low"], one["high"], log=one["log"])


def times(job):
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1))
    distributions = {one["name"]: distribution(one) for one in job["space"]}
    study.add_trials(
        optuna.trial.create_trial(value=value, params=dict(zip(distributions, values)), distributions=distributions)
        for value, values in zip(job["values"], job["params"])
    )
    spent = []
    for value in job["told"]:
        start = time.perf_counter()
        trial = study.ask()
        for one in job["space"]:
            suggest(trial, one)
        spent.append((time.perf_counter() - start) * 1000)
        study.tell(trial, value)
    return spent


json.dump([times(job) for job in json.load(sys.stdin)], sys.stdout)
