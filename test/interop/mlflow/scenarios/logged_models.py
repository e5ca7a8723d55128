import mlflow
from mlflow.entities import LoggedModelStatus, Metric
from record import names


def logged_model_life(record, client):
    experiment = client.create_experiment("logged models")
    run_id = client.create_run(experiment, run_name="source").info.run_id
    made = client.create_logged_model(experiment, name="first", source_run_id=run_id, tags={"a": "1"}, params={"p": "x"}, model_type="tree")
    model_id = made.model_id
    record("created", lambda: without_source(made))
    record("read", lambda: without_source(client.get_logged_model(model_id)))
    record("nobody", lambda: client.get_logged_model("m-" + "0" * 32))
    client.set_logged_model_tags(model_id, {"a": "2", "b": "3"})
    client.delete_logged_model_tag(model_id, "b")
    record("tag that is not there", lambda: client.delete_logged_model_tag(model_id, "nothing"))
    client.log_model_params(model_id, {"q": "y"})
    record("param again", lambda: client.log_model_params(model_id, {"q": "y"}))
    client.log_metric(run_id, "auc", 0.9, timestamp=1000, step=1, model_id=model_id)
    client.log_batch(run_id, metrics=[Metric("auc", 0.95, 1001, 2, model_id=model_id), Metric("loss", 0.1, 1001, 2, model_id=model_id)])
    client.log_metric(run_id, "auc", 0.5, timestamp=1002, step=2, model_id=model_id, dataset_name="held", dataset_digest="d1")
    record("metrics", lambda: sorted((without_time(one) for one in client.get_logged_model(model_id).metrics), key=str))
    record("metrics of the run", lambda: client.get_run(run_id).data.metrics)
    record("ready", lambda: without_source(client.finalize_logged_model(model_id, "READY")))
    record("failed", lambda: client.finalize_logged_model(model_id, LoggedModelStatus.FAILED).status)
    record("pending", lambda: client.finalize_logged_model(model_id, "PENDING").status)
    record("a status of nobody", lambda: client.finalize_logged_model(model_id, "NOBODY"))
    for name in ["", "a/b", "a:b", "a.b", "a%b", 'a"b', "a'b", "ünï", "x" * 500, None]:
        record(f"name {name!r}", lambda name=name: bool(client.create_logged_model(experiment, name=name).name))
    record("in nobody", lambda: client.create_logged_model("999999", name="x"))
    client.delete_logged_model(model_id)
    record("deleted", lambda: client.get_logged_model(model_id))
    record("deleted twice", lambda: client.delete_logged_model(model_id))
    record("tag of a deleted one", lambda: client.set_logged_model_tags(model_id, {"a": "4"}))


def logged_model_search(record, client):
    experiment = client.create_experiment("logged search")
    run_id = client.create_run(experiment).info.run_id
    rows = [("a", "tree", {"x": "1"}, {"team": "red"}, 0.5, None), ("b", "tree", {"x": "2"}, {"team": "blue"}, 0.9, "held"), ("c", "line", {}, {"team": "Red"}, None, None), ("d", None, {"x": "1"}, {}, 0.7, "train")]
    for name, kind, params, tags, auc, dataset in rows:
        model = client.create_logged_model(experiment, name=name, model_type=kind, params=params, tags=tags, source_run_id=run_id)
        if auc is not None:
            on = {"dataset_name": dataset, "dataset_digest": "d1"} if dataset else {}
            client.log_metric(run_id, "auc", auc, model_id=model.model_id, **on)
        client.finalize_logged_model(model.model_id, "READY" if name != "c" else "FAILED")

    def find(text=None, order=({"field_name": "attributes.name"},), **query):
        return names(client.search_logged_models([experiment], text, order_by=list(order) if order else None, **query))

    filters = [None, "", "name = 'a'", "attributes.name = 'a'", "name != 'a'", "name LIKE '%'", "name ILIKE 'A'", "name IN ('a', 'b')", "name NOT IN ('a')", "model_type = 'tree'", "attributes.model_type = 'tree'", "status = 'READY'", "attributes.status = 'FAILED'", f"source_run_id = '{run_id}'", "metrics.auc > 0.6", "metrics.auc <= 0.5", "metrics.auc > 0.6 AND params.x = '2'", "params.x = '1'", "param.x = '1'", "tags.team = 'red'", "tag.team ILIKE 'red'", "tags.team != 'red'", "tags.`team` = 'red'", "creation_timestamp > 0", "creation_timestamp_ms > 0", "last_updated_timestamp > 0", "params.x IN ('1')", "tags.nothing = 'x'"]
    record.each("filter", find, filters)
    wrong = ["name", "name > 'a'", "nothing = 'a'", "metrics.auc = 'x'", "metrics.auc LIKE '1'", "name = a", "name = 'a' OR name = 'b'", "foo.bar = 'a'", "dataset.name = 'held'", "experiment_id = '1'", "(name = 'a')"]
    record.each("wrong", find, wrong)
    orders = [None, [{"field_name": "name", "ascending": False}], [{"field_name": "metrics.auc"}], [{"field_name": "metrics.auc", "ascending": False}], [{"field_name": "metrics.auc", "dataset_name": "held", "dataset_digest": "d1"}], [{"field_name": "params.x"}, {"field_name": "name"}], [{"field_name": "tags.team"}], [{"field_name": "creation_timestamp"}], [{"field_name": "nothing"}], [{"field_name": "metrics.nothing"}, {"field_name": "name"}]]
    record.each("order", lambda order: find(order=order), [order for order in orders if order])
    record("on a dataset", lambda: find("metrics.auc > 0", datasets=[{"dataset_name": "held"}]))
    record("on a dataset by digest", lambda: find("metrics.auc > 0", datasets=[{"dataset_name": "train", "dataset_digest": "d1"}]))
    record("on another digest", lambda: find("metrics.auc > 0", datasets=[{"dataset_name": "train", "dataset_digest": "d2"}]))
    first = client.search_logged_models([experiment], max_results=3, order_by=[{"field_name": "name"}])
    second = client.search_logged_models([experiment], max_results=3, order_by=[{"field_name": "name"}], page_token=first.token)
    record("pages", lambda: [names(first), names(second), second.token])
    record("token of another query", lambda: names(client.search_logged_models([experiment], "name = 'a'", page_token=first.token)))
    record("token of nonsense", lambda: names(client.search_logged_models([experiment], page_token="nonsense")))
    record.each("size", lambda size: len(client.search_logged_models([experiment], max_results=size)), [0, 1, -1])
    record("of nobody", lambda: names(client.search_logged_models(["999999"])))
    record("of none", lambda: names(client.search_logged_models([])))
    record("fluent", lambda: sorted(names(mlflow.search_logged_models([experiment], output_format="list"))))


def without_time(metric):
    return [metric.key, metric.value, metric.step, metric.dataset_name, metric.dataset_digest]


def without_source(model):
    fields = {name: value for name, value in model if name not in ("metrics",)}
    return {**fields, "tags": {name: value for name, value in model.tags.items() if not name.startswith("mlflow.source")}}


SCENARIOS = [logged_model_life, logged_model_search]
