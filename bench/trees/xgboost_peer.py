"""Answers one job about Python's XGBoost with one JSON line; ours.ts answers the same jobs (see jobs.ts)."""

import json
import resource
import sys
import time

import numpy as np
import xgboost as xgb

WARM_UP_ROWS = 20_000
WARM_UP_ROUNDS = 5


def train(job):
    x, y = read_matrix(job["data"]), read_labels(job["data"])
    few = min(len(x), WARM_UP_ROWS)
    fit(job["params"] | {"n_estimators": WARM_UP_ROUNDS}, x[:few], y[:few])
    bin_seconds, boost_seconds, booster = fit(job["params"], x, y)
    peak = peak_resident_bytes()
    return {
        "binSeconds": bin_seconds,
        "boostSeconds": boost_seconds,
        "peakBytes": peak,
        "leaves": leaves_of(booster),
    }


def peak_resident_bytes():
    """Largest resident size of this process: on Linux, ru_maxrss may be that of the program that started it."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) * 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def fit(params, x, y):
    """What XGBClassifier.fit does: a quantile matrix, then boosting."""
    params = dict(params)
    rounds = params.pop("n_estimators")
    started = time.perf_counter()
    data = xgb.QuantileDMatrix(x, y, nthread=params["n_jobs"], max_bin=params.get("max_bin", 256))
    binned = time.perf_counter()
    booster = xgb.train(params | {"tree_method": "hist"}, data, rounds)
    return binned - started, time.perf_counter() - binned, booster


def predict(job):
    x = read_matrix(job["data"])
    booster = xgb.Booster({"nthread": job["threads"]}, model_file=job["model"])
    data = xgb.DMatrix(x, nthread=job["threads"])
    # not on `data` itself: the booster would remember its scores
    booster.predict(xgb.DMatrix(x, nthread=job["threads"]))
    booster.inplace_predict(x)
    matrix_seconds, scores = clocked(lambda: booster.predict(data))
    inplace_seconds, _ = clocked(lambda: booster.inplace_predict(x))
    calls = min(job["rowCalls"], 1000)
    booster.set_param({"nthread": 1})
    one_by_one(booster, x, calls)
    row_seconds, _ = clocked(lambda: one_by_one(booster, x, calls))
    return {
        "batchSeconds": min(matrix_seconds, inplace_seconds),
        "rowMicroseconds": row_seconds / calls * 1e6,
        "mean": float(np.mean(scores, dtype=np.float64)),
    }


def one_by_one(booster, x, calls):
    for call in range(calls):
        row = call % len(x)
        booster.inplace_predict(x[row : row + 1])


def score(job):
    x, y = read_matrix(job["train"]), read_labels(job["train"])
    held, labels = read_matrix(job["test"]), read_labels(job["test"])
    measures = []
    for variant in job["variants"]:
        _, _, booster = fit(variant["params"], x, y)
        scores = booster.inplace_predict(held).astype("<f4")
        scores.tofile(variant["out"])
        measures.append(measures_of(labels, scores))
    return {} if None in measures else {"measures": measures}


def measures_of(labels, scores):
    """scikit-learn's, or None where it is not installed."""
    try:
        from sklearn.metrics import average_precision_score, roc_auc_score
    except ImportError:
        return None
    return {
        "auc": roc_auc_score(labels, scores),
        "averagePrecision": average_precision_score(labels, scores),
    }


def read_matrix(data):
    return np.fromfile(data["folder"] + "/x.f32", "<f4").reshape(data["rows"], data["columns"])


def read_labels(data):
    return np.fromfile(data["folder"] + "/y.u8", "u1")


def clocked(work):
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def leaves_of(booster):
    model = json.loads(booster.save_raw("json"))
    trees = model["learner"]["gradient_booster"]["model"]["trees"]
    return sum(child < 0 for tree in trees for child in tree["left_children"])


if __name__ == "__main__":
    job = json.loads(sys.argv[1])
    answer = {"train": train, "predict": predict, "score": score}[job["task"]](job)
    print(json.dumps(answer))
