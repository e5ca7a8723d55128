import json
import os
import tempfile

import mlflow
import numpy as np
import pandas as pd
import xgboost
from mlflow.models import infer_signature
from record import names
from sklearn.linear_model import LogisticRegression


def data(rows=200):
    random = np.random.default_rng(7)
    table = pd.DataFrame({"amount": random.normal(size=rows), "hour": random.normal(size=rows)})
    return table, (table["amount"] + random.normal(size=rows) > 0.5).astype(int)


def booster():
    x, y = data()
    return xgboost.XGBClassifier(n_estimators=5, max_depth=3, n_jobs=1).fit(x, y)


def log_and_register(record, client):
    mlflow.set_experiment("models")
    x, _ = data()
    model = booster()
    expected = model.predict_proba(x)[:, 1]
    signature = infer_signature(x, expected)
    for form in ["json", "ubj"]:
        with mlflow.start_run(run_name=form) as run:
            mlflow.log_metric("auc", 0.9, step=1, timestamp=1000)
            logged = mlflow.xgboost.log_model(model, name=f"model-{form}", signature=signature, input_example=x[:2], model_format=form)
        record(f"{form}, logged", lambda: [logged.name, sorted(logged.flavors), client.get_logged_model(logged.model_id).status])
        record(f"{form}, files", lambda: sorted(one.path for one in client.list_logged_model_artifacts(logged.model_id)))
        record(f"{form}, metrics", lambda: [(one.key, one.value) for one in client.get_logged_model(logged.model_id).metrics])
        record(f"{form}, outputs", lambda: client.get_run(run.info.run_id).outputs)
        for uri in [f"runs:/{run.info.run_id}/model-{form}", f"models:/{logged.model_id}"]:
            again = record(f"{form}, same by {uri.split(':')[0]}", lambda uri=uri: same(mlflow.xgboost.load_model(uri).predict_proba(x)[:, 1], expected))
            assert again is not None
            record(f"{form}, pyfunc by {uri.split(':')[0]}", lambda uri=uri: same(mlflow.pyfunc.load_model(uri).predict(x), model.predict(x)))
        version = mlflow.register_model(f"models:/{logged.model_id}", "served")
        record(f"{form}, registered", lambda: [version.version, version.run_id == run.info.run_id, version.model_id == logged.model_id])
        record(f"{form}, registrations", lambda: client.get_logged_model(logged.model_id).tags["mlflow.modelVersions"])
    by_run = mlflow.register_model(f"runs:/{run.info.run_id}/model-ubj", "served", tags={"from": "run"})
    record("registered by run", lambda: [by_run.version, by_run.tags, by_run.model_id == logged.model_id])
    client.set_registered_model_alias("served", "champion", "2")
    client.set_model_version_tag("served", "2", "validation_status", "passed")
    client.update_registered_model("served", "serves")
    uris = ["models:/served/1", "models:/served@champion", "models:/served/latest", "models:/served/3"]
    record.each("same by", lambda uri: same(mlflow.pyfunc.load_model(uri).predict(x), model.predict(x)), uris)
    record.each("info of", lambda uri: sorted(mlflow.models.get_model_info(uri).flavors), uris)
    record("nobody", lambda: mlflow.pyfunc.load_model("models:/nobody/1"))
    record("alias of nobody", lambda: mlflow.pyfunc.load_model("models:/served@nobody"))
    record("found", lambda: names(client.search_logged_models([run.info.experiment_id], order_by=[{"field_name": "name"}])))
    record("model of a run", lambda: len(mlflow.search_logged_models([run.info.experiment_id], filter_string=f"source_run_id = '{run.info.run_id}'", output_format="list")))
    client.delete_logged_model(logged.model_id)
    record("version of a deleted model", lambda: client.get_model_version("served", "2").status)


def sklearn_model(record, client):
    mlflow.set_experiment("sklearn")
    x, y = data()
    model = LogisticRegression().fit(x, y)
    with mlflow.start_run():
        logged = mlflow.sklearn.log_model(model, name="lr", registered_model_name="lr", input_example=x[:3], params={"c": 1})
    record("registered", lambda: [logged.registered_model_version, client.get_registered_model("lr").latest_versions[0].version])
    record("params", lambda: client.get_logged_model(logged.model_id).params)
    record("same", lambda: same(mlflow.pyfunc.load_model("models:/lr/1").predict(x), model.predict(x)))
    record("same by sklearn", lambda: same(mlflow.sklearn.load_model(f"models:/{logged.model_id}").predict_proba(x), model.predict_proba(x)))
    record("example", lambda: mlflow.pyfunc.load_model("models:/lr/1").input_example.to_dict("list"))
    record("signature", lambda: str(mlflow.models.get_model_info("models:/lr/1").signature))
    with mlflow.start_run() as run:
        evaluated = mlflow.models.evaluate("models:/lr/1", x.assign(y=y), targets="y", model_type="classifier", evaluator_config={"log_model_explainability": False})
    record("evaluated", lambda: sorted(evaluated.metrics))
    record("logged by evaluation", lambda: [sorted(client.get_run(run.info.run_id).data.metrics), sorted(one.path for one in client.list_artifacts(run.info.run_id))])


def external_model(record, client):
    mlflow.set_experiment("external")
    made = mlflow.create_external_model(name="elsewhere", model_type="remote", params={"a": "b"})
    record("created", lambda: [made.name, made.status, made.params])
    with mlflow.start_run():
        mlflow.log_metric("auc", 0.5, model_id=made.model_id, step=1)
        mlflow.log_metrics({"f1": 0.6}, model_id=made.model_id, step=1)
    record("metrics", lambda: sorted((one.key, one.value) for one in mlflow.get_logged_model(made.model_id).metrics))
    folder = tempfile.mkdtemp()
    for name in ["a.txt", "b.json"]:
        with open(os.path.join(folder, name), "w") as out:
            json.dump(name, out)
    record("artifact", lambda: client.log_model_artifact(made.model_id, os.path.join(folder, "a.txt")))
    record("artifacts", lambda: client.log_model_artifacts(made.model_id, folder))
    record("listed", lambda: sorted((one.path, one.file_size) for one in client.list_logged_model_artifacts(made.model_id)))


def same(found, expected):
    return bool(np.array_equal(np.asarray(found), np.asarray(expected)))


SCENARIOS = [log_and_register, sklearn_model, external_model]
