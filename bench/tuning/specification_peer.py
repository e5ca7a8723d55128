"""The specification's study (section 2-1) on Optuna and XGBoost; specification.ts plays the same. Prints one JSON line."""

import json
import sys
import time

import numpy as np
import optuna
from sklearn.metrics import average_precision_score
from xgboost import XGBClassifier


def read(data):
    x = np.fromfile(f"{data['folder']}/x.f32", dtype="<f4").reshape(data["rows"], data["columns"])
    return x, np.fromfile(f"{data['folder']}/y.u8", dtype=np.uint8)


job = json.loads(sys.argv[1])
started = time.perf_counter()
(x, y), (x_test, y_test) = read(job["data"]), read(job["test"])
cut = len(x) * 4 // 5
x_tr, y_tr, x_val, y_val = x[:cut], y[:cut], x[cut:], y[cut:]
read_seconds = time.perf_counter() - started


def fit(params):
    return XGBClassifier(**params, tree_method="hist", n_jobs=job["threads"]).fit(x_tr, y_tr)


def objective(trial):
    params = {
        "n_estimators": trial.suggest_int("n_estimators", 100, 500),
        "max_depth": trial.suggest_int("max_depth", 4, 12),
        "learning_rate": trial.suggest_float("learning_rate", 0.01, 0.3, log=True),
    }
    return average_precision_score(y_val, fit(params).predict_proba(x_val)[:, 1])


optuna.logging.set_verbosity(optuna.logging.WARNING)
started = time.perf_counter()
study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=job["seed"]))
study.optimize(objective, n_trials=job["trials"], n_jobs=job["jobs"])
search_seconds = time.perf_counter() - started
test = average_precision_score(y_test, fit(study.best_params).predict_proba(x_test)[:, 1])
print(
    json.dumps(
        {
            "readSeconds": read_seconds,
            "searchSeconds": search_seconds,
            "best": study.best_value,
            "test": test,
        }
    )
)
