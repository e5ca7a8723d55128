import math

import mlflow
from mlflow.entities import Metric, Param, RunTag


def batch_logging(record, client):
    experiment = client.create_experiment("batches")

    def new():
        return client.create_run(experiment).info.run_id

    def metrics(count, key="m{}"):
        return [Metric(key.format(i), i / 7, 1000 + i, i) for i in range(count)]

    def params(count, first=0):
        return [Param(f"p{i}", str(i)) for i in range(first, first + count)]

    def tags(count):
        return [RunTag(f"t{i}", str(i)) for i in range(count)]

    full = new()
    record("full", lambda: client.log_batch(full, metrics(800), params(100), tags(100)))
    data = client.get_run(full).data
    record("full, read", lambda: [data.metrics, data.params, {key: data.tags[key] for key in data.tags if key.startswith("t")}])
    again = new()
    record("1,000 metrics", lambda: client.log_batch(again, metrics(1000)))
    record("the same metrics again", lambda: client.log_batch(again, metrics(1000)))
    record("history of one", lambda: client.get_metric_history(again, "m999"))
    record("1,001 metrics", lambda: client.log_batch(new(), metrics(1001)))
    record("101 params", lambda: client.log_batch(new(), params=params(101)))
    record("101 tags", lambda: client.log_batch(new(), tags=tags(101)))
    record("1,001 in all", lambda: client.log_batch(new(), metrics(901), params(100)))
    record("nothing", lambda: client.log_batch(new()))
    twice = [Param("a", "1"), Param("a", "2")]
    record("a param twice", lambda: client.log_batch(new(), params=twice))
    record("a param twice alike", lambda: client.log_batch(new(), params=[twice[0], twice[0]]))
    changed = new()
    client.log_batch(changed, params=[Param("a", "1"), Param("b", "1")])
    record("a param changed", lambda: client.log_batch(changed, params=[Param("b", "2"), Param("c", "1")]))
    record("params after that", lambda: client.get_run(changed).data.params)
    record("a tag twice", lambda: client.log_batch(changed, tags=[RunTag("t", "1"), RunTag("t", "2")]))
    record("tag after that", lambda: client.get_run(changed).data.tags["t"])
    record("a wrong key", lambda: client.log_batch(new(), metrics=[Metric("../a", 1, 1, 1)]))
    record("a text as value", lambda: client.log_batch(new(), metrics=[Metric("a", "x", 1, 1)]))
    record("a timestamp before time", lambda: client.log_batch(new(), metrics=[Metric("a", 1, -1, 1)]))
    odd = [Metric("nan", math.nan, 1, 0), Metric("inf", math.inf, 1, 0), Metric("minus", -math.inf, 1, -7)]
    strange = new()
    record("odd values", lambda: client.log_batch(strange, metrics=odd))
    record("odd values, read", lambda: client.get_run(strange).data.metrics)
    many = {f"key {i}": i for i in range(150)}
    with mlflow.start_run(experiment_id=experiment) as run:
        record("150 params", lambda: mlflow.log_params(many))
        record("1,500 metrics", lambda: mlflow.log_metrics({f"m/{i}": float(i) for i in range(1500)}, step=1))
    read = client.get_run(run.info.run_id).data
    record("many, read", lambda: [len(read.params), len(read.metrics), read.params["key 149"], read.metrics["m/1499"]])


def long_history(record, client):
    """More points than a page of the client's holds."""
    run_id = client.create_run(client.create_experiment("long")).info.run_id
    for first in range(0, 30_000, 1000):
        client.log_batch(run_id, metrics=[Metric("long", step % 97, step, step) for step in range(first, first + 1000)])
    points = client.get_metric_history(run_id, "long")
    record("points", lambda: [len(points), [point.step for point in points] == list(range(30_000))])
    record("sum", lambda: sum(point.value for point in points))


def asynchronous(record, client):
    mlflow.set_experiment("asynchronous")
    with mlflow.start_run(run_name="later") as run:
        for step in range(200):
            mlflow.log_metric("loss", 1 / (step + 1), step=step, timestamp=1000 + step, synchronous=False)
        mlflow.log_metrics({"a": 1.0, "b": 2.0}, synchronous=False)
        mlflow.log_params({f"p{i}": i for i in range(120)}, synchronous=False)
        mlflow.log_param("one", 1, synchronous=False)
        mlflow.set_tag("state", "written", synchronous=False)
        operation = mlflow.set_tags({"x": "1", "y": "2"}, synchronous=False)
        record("waited", lambda: operation.wait())
        mlflow.flush_async_logging()
        mlflow.flush_artifact_async_logging()
    data = client.get_run(run.info.run_id).data
    record("metrics", lambda: data.metrics)
    record("params", lambda: data.params)
    record("tags", lambda: {key: data.tags[key] for key in ["state", "x", "y"]})
    history = client.get_metric_history(run.info.run_id, "loss")
    record("history", lambda: [len(history), sorted(point.step for point in history) == list(range(200))])


SCENARIOS = [batch_logging, long_history, asynchronous]
