"""Loads a model that our client logged, by every address given, and says what Python makes of it.

    python ours.py ADDRESS ROWS.json URI...     # ROWS: {"columns": [...], "rows": [[...]]}
"""

import json
import logging
import os
import sys
import warnings

# MLflow 3.11's server answers 500 where a run has no files of the model's name, and its client then asks for minutes
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1"

import mlflow
import pandas as pd
import xgboost

logging.getLogger("mlflow").setLevel(logging.ERROR)
warnings.simplefilter("ignore")
address, rows, *uris = sys.argv[1:]
mlflow.set_tracking_uri(address)
with open(rows) as file:
    given = json.load(file)
frame = pd.DataFrame(given["rows"], columns=given["columns"])


def refusal(data):
    try:
        model.predict(data)
    except mlflow.MlflowException as error:
        return str(error).split("\n")[0]


seen = {}
for uri in uris:
    model = mlflow.pyfunc.load_model(uri)
    booster = mlflow.xgboost.load_model(uri)
    matrix = xgboost.DMatrix(frame)
    example = model.input_example
    seen[uri] = {
        "probabilities": model.predict(frame).tolist(),
        "margins": booster.predict(matrix, output_margin=True).tolist(),
        "example": [list(example.columns), len(example), len(model.predict(example))],
        "types": [[column.name, str(column.type), column.required] for column in model.metadata.get_input_schema().inputs],
        "model_id": model.metadata.model_id,
        "missing": refusal(frame.drop(columns=given["columns"][0])),
        "text": refusal(frame.assign(**{given["columns"][0]: "text"})),
    }
print(json.dumps(seen))
