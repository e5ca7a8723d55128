"""Logs and registers models with MLflow's client, and trains with its autologging.

    python theirs.py ADDRESS ROWS.json     # ROWS: {"columns": [...], "rows": [[...]], "labels": [...]}
"""

import json
import logging
import sys
import warnings

import mlflow
import pandas as pd
import xgboost
from mlflow.models import infer_signature

logging.getLogger("mlflow").setLevel(logging.ERROR)
warnings.simplefilter("ignore")
address, rows = sys.argv[1:]
mlflow.set_tracking_uri(address)
mlflow.set_experiment("models of Python")
client = mlflow.MlflowClient()
with open(rows) as file:
    given = json.load(file)
frame = pd.DataFrame(given["rows"], columns=given["columns"])
labels = given["labels"]
matrix = xgboost.DMatrix(frame, labels)


def booster(**options):
    return xgboost.train({"objective": "binary:logistic", "max_depth": 3}, matrix, 5, **options)


models = {
    "booster": booster(),
    "classifier": xgboost.XGBClassifier(n_estimators=5, max_depth=3).fit(frame, labels),
}
logged = []
for kind, model in models.items():
    for form in ["json", "ubj"]:
        name = f"python_{kind}_{form}"
        signature = infer_signature(frame, model.predict(matrix if kind == "booster" else frame))
        options = {"signature": signature, "input_example": frame.head(2)} if form == "json" else {}
        with mlflow.start_run() as run:
            info = mlflow.xgboost.log_model(
                model, name="model", model_format=form, registered_model_name=name, **options
            )
        client.set_registered_model_alias(name, "champion", info.registered_model_version)
        trees = model if kind == "booster" else model.get_booster()
        logged.append({
            "name": name,
            "uris": [f"runs:/{run.info.run_id}/model", info.model_uri, f"models:/{name}/1", f"models:/{name}@champion"],
            "margins": trees.predict(matrix, output_margin=True).tolist(),
        })

mlflow.xgboost.autolog(log_models=False)
plain = xgboost.DMatrix(frame.to_numpy("float32"), labels, feature_names=given["columns"])
with mlflow.start_run() as run:
    xgboost.train(
        {"objective": "binary:logistic", "max_depth": 3, "eval_metric": "logloss"},
        plain,
        20,
        evals=[(plain, "train")],
        early_stopping_rounds=3,
        verbose_eval=False,
    )
print(json.dumps({"logged": logged, "autologged": run.info.run_id}))
