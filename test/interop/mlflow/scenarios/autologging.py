import mlflow
import xgboost
from models import data
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

# what depends on the machine or the moment
HIDDEN = ("mlflow.source", "mlflow.user", "mlflow.git", "mlflow.log-model")


def seen(client, run_id):
    run = client.get_run(run_id)
    tags = {name: value for name, value in run.data.tags.items() if not name.startswith(HIDDEN)}
    history = {key: [point.value for point in client.get_metric_history(run_id, key)] for key in sorted(run.data.metrics)}
    return {
        "status": run.info.status,
        "params": run.data.params,
        "history": history,
        "tags": tags,
        "files": files(client, run_id),
        "datasets": sorted((one.dataset.name, one.dataset.digest) for one in run.inputs.dataset_inputs),
        "models": len(run.outputs.model_outputs) if run.outputs else 0,
    }


def files(client, run_id, path=None):
    found = client.list_artifacts(run_id, path)
    return sorted(one for entry in found for one in (files(client, run_id, entry.path) if entry.is_dir else [entry.path]))


def xgboost_autolog(record, client):
    experiment = mlflow.set_experiment("xgboost autolog")
    x, y = data()
    mlflow.xgboost.autolog(log_models=True, log_model_signatures=True)
    with mlflow.start_run(run_name="classifier") as run:
        model = xgboost.XGBClassifier(n_estimators=30, max_depth=2, early_stopping_rounds=3, n_jobs=1, eval_metric=["logloss", "auc"])
        model.fit(x[:150], y[:150], eval_set=[(x[:150], y[:150]), (x[150:], y[150:])], verbose=False)
    record("classifier", lambda: seen(client, run.info.run_id))
    mlflow.xgboost.autolog(log_models=False)
    train, held = xgboost.DMatrix(x[:150], y[:150]), xgboost.DMatrix(x[150:], y[150:])
    params = {"max_depth": 2, "objective": "binary:logistic", "nthread": 1}
    xgboost.train(params, train, 8, evals=[(train, "train"), (held, "held")], early_stopping_rounds=2, verbose_eval=False)
    record("train", lambda: seen(client, mlflow.last_active_run().info.run_id))
    mlflow.xgboost.autolog(disable=True)
    record("runs", lambda: len(client.search_runs([experiment.experiment_id])))


def sklearn_autolog(record, client):
    experiment = mlflow.set_experiment("sklearn autolog")
    x, y = data()
    mlflow.sklearn.autolog(log_models=False)
    with mlflow.start_run(run_name="forest") as run:
        forest = RandomForestClassifier(n_estimators=5, max_depth=3, random_state=0).fit(x, y)
        forest.score(x, y)
    record("forest", lambda: seen(client, run.info.run_id))
    with mlflow.start_run(run_name="grid") as grid:
        GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=2).fit(x, y)
    record("grid", lambda: {name: value for name, value in seen(client, grid.info.run_id).items() if name in ("params", "tags", "models")})
    children = client.search_runs([experiment.experiment_id], f"tags.mlflow.parentRunId = '{grid.info.run_id}'")
    record("children", lambda: sorted(child.data.params["C"] for child in children))
    mlflow.sklearn.autolog(disable=True)


SCENARIOS = [xgboost_autolog, sklearn_autolog]
