"""Writes finished runs straight into MLflow's database, as fast as it takes them: jobs.ts has the same values.

    python fill_mlflow.py DATABASE_URL FROM RUNS KEYS
"""

import sys
import uuid

import sqlalchemy
from mlflow.store.tracking.dbmodels.models import SqlLatestMetric, SqlMetric, SqlParam, SqlRun

BLOCK = 1000
START = 1_700_000_000_000


def metric_value(run, key):
    return ((run * 7919 + key * 104_729) % 10_007) / 10_007


def rows_of(run, keys):
    run_id = uuid.uuid4().hex
    info = {
        "run_uuid": run_id,
        "name": f"run {run}",
        "experiment_id": 0,
        "user_id": "",
        "source_type": "UNKNOWN",
        "status": "FINISHED",
        "lifecycle_stage": "active",
        "start_time": START + run,
        "end_time": START + run + 1000,
        "artifact_uri": f"mlflow-artifacts:/0/{run_id}/artifacts",
    }
    points = [
        {
            "run_uuid": run_id,
            "key": f"m{key}",
            "value": metric_value(run, key),
            "timestamp": START,
            "step": 0,
            "is_nan": False,
        }
        for key in range(keys)
    ]
    params = [{"run_uuid": run_id, "key": f"p{key}", "value": str((run + key) % 10)} for key in range(keys)]
    return info, points, params


def fill(connection, first, count, keys):
    rows = [rows_of(run, keys) for run in range(first, first + count)]
    points = [point for _, run_points, _ in rows for point in run_points]
    connection.execute(sqlalchemy.insert(SqlRun), [info for info, _, _ in rows])
    connection.execute(sqlalchemy.insert(SqlMetric), points)
    connection.execute(sqlalchemy.insert(SqlLatestMetric), points)
    connection.execute(sqlalchemy.insert(SqlParam), [param for _, _, params in rows for param in params])


def main(url, first, runs, keys):
    engine = sqlalchemy.create_engine(url)
    for start in range(first, first + runs, BLOCK):
        with engine.begin() as connection:
            fill(connection, start, min(BLOCK, first + runs - start), keys)


main(sys.argv[1], *map(int, sys.argv[2:]))
