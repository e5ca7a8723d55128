"""Drives a tracking server through the real MLflow client and writes down all that it sees.

    python run.py TRACKING_URI [SCENARIO ...]

Prints one JSON object: by scenario and step what the client returned, or the code of the error that it raised. The
same program runs against MLflow's own server, so what is expected is what that one answers: main.ts compares.
"""

import json
import logging
import os
import sys
import tempfile
import time
import warnings

# the folder of this program stays as it is
sys.dont_write_bytecode = True
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"
# a server that answers 500 shows as an error, not as minutes of patience
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1"
os.environ["GIT_PYTHON_REFRESH"] = "quiet"
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import artifacts  # noqa: E402
import autologging  # noqa: E402
import batches  # noqa: E402
import experiments  # noqa: E402
import inputs  # noqa: E402
import logged_models  # noqa: E402
import mlflow  # noqa: E402
import models  # noqa: E402
import registry  # noqa: E402
import runs  # noqa: E402
import search  # noqa: E402
from record import Record  # noqa: E402

ROOMS = [experiments, runs, batches, search, inputs, artifacts, registry, logged_models, models, autologging]


def main(uri, names):
    mlflow.set_tracking_uri(uri)
    # what a program logs must not depend on where it runs
    os.chdir(tempfile.mkdtemp())
    seen = {}
    for room in ROOMS:
        for scenario in room.SCENARIOS:
            if names and scenario.__name__ not in names:
                continue
            record, start = Record(), time.monotonic()
            record("ends", lambda: scenario(record, mlflow.MlflowClient()))
            while mlflow.active_run():
                mlflow.end_run()
            seen[scenario.__name__] = record.seen
            seconds = time.monotonic() - start
            print(f"{scenario.__name__}: {len(record.seen)} steps in {seconds:.1f} s", file=sys.stderr, flush=True)
    json.dump(seen, sys.stdout, allow_nan=False)


main(sys.argv[1], sys.argv[2:])
