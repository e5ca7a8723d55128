import math

import mlflow
from mlflow.entities import ViewType
from record import run_names


def run_life(record, client):
    experiment = client.create_experiment("run life")
    run = client.create_run(experiment, start_time=1000, tags={"k": "v", "mlflow.user": "ann"}, run_name="first")
    run_id = run.info.run_id
    record("created", lambda: run)
    record("read", lambda: client.get_run(run_id))
    client.log_param(run_id, "p", 0.5)
    record("param again", lambda: client.log_param(run_id, "p", 0.5))
    record("param changed", lambda: client.log_param(run_id, "p", 0.6))
    client.log_metric(run_id, "m", 1.5, timestamp=2000, step=3)
    client.set_tag(run_id, "t", "x")
    client.set_tag(run_id, "t", "y")
    client.set_tag(run_id, "mlflow.note.content", "described")
    client.delete_tag(run_id, "k")
    record("tag that is not there", lambda: client.delete_tag(run_id, "k"))
    client.update_run(run_id, status="SCHEDULED", name="second")
    record("updated", lambda: client.get_run(run_id))
    client.set_tag(run_id, "mlflow.runName", "third")
    record("name by tag", lambda: client.get_run(run_id).info.run_name)
    client.set_terminated(run_id, status="FAILED", end_time=9000)
    record("terminated", lambda: client.get_run(run_id))
    client.set_terminated(run_id)
    record("terminated again", lambda: client.get_run(run_id).info.status)
    client.delete_run(run_id)
    record("deleted", lambda: client.get_run(run_id).info.lifecycle_stage)
    record("deleted twice", lambda: client.delete_run(run_id))
    record("metric of a deleted run", lambda: client.log_metric(run_id, "m", 1))
    record("param of a deleted run", lambda: client.log_param(run_id, "q", 1))
    record("tag of a deleted run", lambda: client.set_tag(run_id, "t", 1))
    record("tag taken from a deleted run", lambda: client.delete_tag(run_id, "t"))
    record("update of a deleted run", lambda: client.update_run(run_id, status="FINISHED"))
    record("batch of a deleted run", lambda: client.log_batch(run_id, params=[mlflow.entities.Param("a", "b")]))
    record("found deleted", lambda: run_names(client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY)))
    client.restore_run(run_id)
    record("restored", lambda: client.get_run(run_id))
    record("restored twice", lambda: client.restore_run(run_id))
    record("history", lambda: client.get_metric_history(run_id, "m"))


def run_errors(record, client):
    experiment = client.create_experiment("run errors")
    run_id = client.create_run(experiment).info.run_id
    record.each("get", client.get_run, ["0" * 32, "nobody", "", "a/b", "x" * 256, "x" * 257, "..", 31])
    record.each("delete", client.delete_run, ["0" * 32])
    record.each("restore", client.restore_run, ["0" * 32])
    record.each("tag of nobody", lambda name: client.set_tag(name, "a", "b"), ["0" * 32])
    keys = ["", "a/b", "/a", "a//b", "../a", "a/..", ".", "a,b", "a:b", "a b", "ünï", "a\tb", "x" * 250, "x" * 251, "a%b", "a\\b"]
    record.each("param key", lambda key: client.log_param(run_id, key, "v"), keys)
    record.each("metric key", lambda key: client.log_metric(run_id, key, 1), keys)
    record.each("tag key", lambda key: client.set_tag(run_id, key, "v"), keys)
    record.each("metric value", lambda value: client.log_metric(run_id, "v", value), ["text", None, "1.5", True, 10**400])
    record.each("step", lambda step: client.log_metric(run_id, "s", 1, step=step), [-5, 2**63 - 1, 2**63, 1.5, "1"])
    record.each("timestamp", lambda at: client.log_metric(run_id, "t", 1, timestamp=at), [0, -1, 1.5, 2**53])
    record("param of 6,000", lambda: client.log_param(run_id, "long", "é" * 6000))
    record("param of 6,001", lambda: client.log_param(run_id, "longer", "é" * 6001))
    record("tag of 8,001", lambda: client.set_tag(run_id, "longest", "t" * 8001))
    record("empty param", lambda: client.log_param(run_id, "empty", ""))
    record("empty tag", lambda: client.set_tag(run_id, "empty", ""))
    record("none param", lambda: client.log_param(run_id, "none", None))
    record("read", lambda: {name: (len(value), value[:9]) for name, value in client.get_run(run_id).data.params.items()})
    record("tags", lambda: {name: len(value) for name, value in client.get_run(run_id).data.tags.items() if name != "mlflow.runName"})
    conflict = {"mlflow.runName": "a"}
    record("two names", lambda: client.create_run(experiment, tags=conflict, run_name="b"))
    record("name by tag alone", lambda: client.create_run(experiment, tags=conflict).info.run_name)
    record("status of nobody", lambda: client.update_run(run_id, status="NOBODY"))


def nested_runs(record, client):
    mlflow.set_experiment("nested")
    with mlflow.start_run(run_name="parent", description="of two", tags={"level": "0"}) as parent:
        mlflow.log_params({"depth": 6, "eta": 0.1, "flag": True, "none": None, "text": "a b"})
        for number in range(2):
            with mlflow.start_run(run_name=f"child {number}", nested=True):
                mlflow.log_metrics({"auc": 0.8 + number / 10, "loss": 0.3}, step=number)
                with mlflow.start_run(run_name=f"grandchild {number}", nested=True):
                    mlflow.set_tags({"deep": "yes", "number": number})
        mlflow.log_metric("best", 0.9)
    parent_id = parent.info.run_id
    record("parent", lambda: without_source(mlflow.get_run(parent_id)))
    children = record(
        "children",
        lambda: run_names(
            client.search_runs([parent.info.experiment_id], f"tags.mlflow.parentRunId = '{parent_id}'", order_by=["attributes.run_name"])
        ),
    )
    record("parent of a child", lambda: mlflow.get_parent_run(found(client, parent, "child 1")).info.run_name)
    record("all", lambda: sorted(run_names(client.search_runs([parent.info.experiment_id]))))
    record("number of children", lambda: len(children))
    try:
        with mlflow.start_run(run_name="broken"):
            raise ValueError("on purpose")
    except ValueError:
        pass
    record("broken", lambda: client.get_run(found(client, parent, "broken")).info.status)
    with mlflow.start_run(run_id=parent_id):
        record("resumed", lambda: client.get_run(parent_id).info.status)
        mlflow.log_metric("later", 1.0)
    record("ended again", lambda: (mlflow.get_run(parent_id).info.status, mlflow.get_run(parent_id).data.metrics))
    record("resume nobody", lambda: mlflow.start_run(run_id="0" * 32))
    client.delete_run(parent_id)
    record("resume a deleted run", lambda: mlflow.start_run(run_id=parent_id))
    record("frame", frame)


def metric_history(record, client):
    experiment = client.create_experiment("history")
    run_id = client.create_run(experiment).info.run_id
    values = [1.0, math.nan, math.inf, -math.inf, 0.0, -0.0, 1e308, 5e-324, 0.1]
    for step, value in enumerate(values):
        client.log_metric(run_id, "odd", value, timestamp=1000 + step, step=step)
    record("odd values", lambda: client.get_metric_history(run_id, "odd"))
    record("latest of odd values", lambda: client.get_run(run_id).data.metrics)
    points = [(0, 5, 1.0), (0, 5, 1.0), (0, 5, 2.0), (0, 4, 9.0), (-3, 9, 7.0), (2, 1, 3.0), (2, 1, 2.0), (1, 9, 8.0)]
    for step, at, value in points:
        client.log_metric(run_id, "mixed", value, timestamp=at, step=step)
    record("mixed steps", lambda: client.get_metric_history(run_id, "mixed"))
    record("latest of mixed steps", lambda: client.get_run(run_id).data.metrics["mixed"])
    for number, value in enumerate([math.nan, 3.0, math.nan]):
        record(f"NaN and a number, {number}", lambda value=value: client.log_metric(run_id, "nans", value, timestamp=1, step=1))
    record("latest beside NaN", lambda: client.get_run(run_id).data.metrics["nans"])
    record("history beside NaN", lambda: client.get_metric_history(run_id, "nans"))
    record("of nothing", lambda: client.get_metric_history(run_id, "nothing"))
    record("of nobody", lambda: client.get_metric_history("0" * 32, "odd"))


def found(client, run, name):
    return client.search_runs([run.info.experiment_id], f"run_name = '{name}'")[0].info.run_id


def frame():
    """The table that `mlflow.search_runs` makes, without what differs from run to run."""
    table = mlflow.search_runs(experiment_names=["nested"], order_by=["attributes.run_name"])
    keep = sorted(column for column in table if column.startswith(("metrics.", "params.", "tags.level")))
    return {column: [str(value) for value in table[column]] for column in ["status", *keep]}


def without_source(run):
    hidden = ("mlflow.source", "mlflow.user", "mlflow.git")
    tags = {name: value for name, value in run.data.tags.items() if not name.startswith(hidden)}
    return {"name": run.info.run_name, "status": run.info.status, "params": run.data.params, "metrics": run.data.metrics, "tags": tags}


SCENARIOS = [run_life, run_errors, nested_runs, metric_history]
