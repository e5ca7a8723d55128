"""Judges our model files with the XGBoost that is installed: does it load them and compute the same?

    python judge.py FOLDER      # FOLDER/models.json and the files that it names, from write-models.ts

Prints one JSON object: by model and format what differs, an empty list where nothing does. Saves every model again, as
this version spells it, to FOLDER/resaved-<version>/, for us to read.
"""

import json
import os
import sys

import numpy as np
import xgboost as xgb

KINDS = ["weight", "gain", "cover", "total_gain", "total_cover"]


def floats(folder, name):
    return np.fromfile(os.path.join(folder, name), "<f4")


def differences(model, case, folder):
    """What of the case the loaded model does not agree with."""
    rows = floats(folder, case["rows"]).reshape(-1, case["columnCount"])
    kinds = {"feature_names": model.feature_names, "feature_types": model.feature_types}
    data = xgb.DMatrix(rows, enable_categorical=True, nthread=1, **kinds)
    best = case["bestIteration"]
    trees = {} if best is None else {"iteration_range": (0, best + 1)}
    margins = model.predict(data, output_margin=True, **trees)
    probabilities = model.predict(data, **trees)
    expected = floats(folder, case["margins"])
    found = []
    if margins.tobytes() != expected.tobytes():
        found.append(f"margins, by up to {np.abs(margins - expected).max()}")
    if np.abs(probabilities - floats(folder, case["probabilities"])).max() > 1e-6:
        found.append("probabilities")
    if model.feature_names != case["featureNames"]:
        found.append(f"feature names {model.feature_names}")
    if (model.feature_types or []) != case["featureTypes"]:
        found.append(f"feature types {model.feature_types}")
    if model.attributes() != case["attributes"]:
        found.append(f"attributes {model.attributes()}")
    if model.num_boosted_rounds() != case["rounds"]:
        found.append(f"rounds {model.num_boosted_rounds()}")
    found += [f"get_score {kind}" for kind in KINDS if model.get_score(importance_type=kind) != case["scores"][kind]]
    return found


def judge(folder, name, case):
    model = xgb.Booster({"nthread": 1}, model_file=os.path.join(folder, name))
    found = differences(model, case, folder)
    model.save_model(os.path.join(folder, f"resaved-{xgb.__version__}", name))
    return found


def main(folder):
    with open(os.path.join(folder, "models.json")) as file:
        cases = json.load(file)
    os.makedirs(os.path.join(folder, f"resaved-{xgb.__version__}"), exist_ok=True)
    results = {}
    for case in cases:
        for suffix in ["json", "ubj"]:
            name = f"{case['name']}.{suffix}"
            try:
                results[name] = judge(folder, name, case)
            except xgb.core.XGBoostError as error:
                results[name] = [f"does not load: {str(error).splitlines()[0]}"]
    print(json.dumps(results))


main(sys.argv[1])
