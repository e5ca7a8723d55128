import math

import mlflow
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag, ViewType
from record import every, run_names

# name, metrics, params, tags, status, start, end
RUNS = [
    ("one", {"auc": 0.5, "val/loss": 1.0, "n": 1}, {"kind": "tree", "x": "1"}, {"team": "red", "a.b": "dot"}, "FINISHED", 100, 900),
    ("two", {"auc": 0.9, "val/loss": -1.5, "n": 2}, {"kind": "Tree", "x": "2"}, {"team": "blue"}, "FAILED", 200, 800),
    ("three", {"auc": math.nan, "n": 2}, {"kind": "line%ar", "x": "10"}, {"team": "Red"}, "RUNNING", 300, None),
    ("four", {"auc": math.inf, "val/loss": 0.0}, {"kind": "line_ar"}, {}, "KILLED", 400, 600),
    ("five", {"auc": -math.inf}, {"kind": ""}, {"team": "red"}, "SCHEDULED", 500, 500),
    ("six", {}, {}, {"team": "green"}, "FINISHED", 600, 650),
    ("Seven's", {"auc": 0.9, "my metric": 3}, {"kind": "tree", "my param": "it's"}, {"my tag": 'say "hi"'}, "FINISHED", 700, 750),
    ("eight 100%", {"auc": 0.0, "n": 1e-300}, {"kind": "TREE", "x": "1"}, {"team": "r_d"}, "FINISHED", 800, 8000),
    ("neun ü", {"auc": 1e308, "n": 3}, {"kind": "bäume"}, {"team": "rød"}, "FINISHED", 900, 2000),
]

SOURCE = '{"uri": "s3://data"}'
DATASETS = {
    "one": [("cards", "d1", "train"), ("cards", "d2", "eval")],
    "two": [("Cards", "d1", "train")],
    "three": [("other", "d3", None)],
    "four": [("cards", "d1", "eval")],
}


def make(client, name, rows=RUNS):
    experiment = client.create_experiment(name)
    for run_name, metrics, params, tags, status, start, end in rows:
        run_id = client.create_run(experiment, start_time=start, run_name=run_name, tags={"mlflow.user": f"user {start}"}).info.run_id
        batch = [Metric(key, value, 10, 0) for key, value in metrics.items()]
        client.log_batch(run_id, batch, [Param(*pair) for pair in params.items()], [RunTag(*pair) for pair in tags.items()])
        for dataset, digest, context in DATASETS.get(run_name, []):
            found = Dataset(dataset, digest, "s3", SOURCE)
            client.log_inputs(run_id, [DatasetInput(found, [InputTag("mlflow.data.context", context)] if context else [])])
        if end is None:
            client.update_run(run_id, status=status)
        else:
            client.set_terminated(run_id, status=status, end_time=end)
    return experiment


def search_filters(record, client):
    experiment = make(client, "filters")
    ids = {run.info.run_name: run.info.run_id for run in client.search_runs([experiment])}

    def find(text):
        return run_names(client.search_runs([experiment], text, order_by=["attributes.start_time ASC", "attributes.run_name ASC"]))

    for operator in [">", ">=", "=", "!=", "<", "<="]:
        record.each("metric", find, [f"{entity} {operator} {value}" for entity in ["metrics.auc", "metric.n"] for value in ["0.5", "0", "-1", "2", "1e308"]])
        record.each("time", find, [f"{entity} {operator} {value}" for entity in ["attributes.start_time", "end_time", "attr.end_time", "created", "Created"] for value in ["600", "0"]])
    for operator in ["=", "!=", "LIKE", "ILIKE", "like", "iLike"]:
        kinds = ["tree", "Tree", "line%ar", "line_ar", "%", "", "tr%", "_ree", "BÄUME", "bäume"]
        record.each("param", find, [f"params.kind {operator} '{value}'" for value in kinds])
        record.each("tag", find, [f"tags.team {operator} '{value}'" for value in ["red", "r_d", "R%", "nobody"]])
        record.each("name", find, [f"{entity} {operator} 'one'" for entity in ["run_name", "attributes.run_name", "`run name`", "attributes.`Run name`", '"Run Name"', "tags.mlflow.runName"]])
        record.each("status", find, [f"status {operator} '{value}'" for value in ["FINISHED", "finished", "FIN%"]])
        record.each("user", find, [f"attributes.user_id {operator} '{value}'" for value in ["user 100", "USER%"]])
        record.each("uri", find, [f"attributes.artifact_uri {operator} '{value}'" for value in ["mlflow-artifacts:%", "nothing"]])
        for field in ["name", "digest", "context"]:
            values = {"name": ["cards", "c%"], "digest": ["d1", "D%"], "context": ["train", "TRA%"]}[field]
            record.each("dataset", find, [f"{entity}.{field} {operator} '{value}'" for entity in ["dataset", "datasets"] for value in values])
    for operator in ["IN", "NOT IN", "in", "not in"]:
        record("run id " + operator, lambda operator=operator: find(f"run_id {operator} ('{ids['one']}', '{ids['two']}')"))
        record("run id of an attribute " + operator, lambda operator=operator: find(f"attributes.run_id {operator} ('{ids['one']}')"))
        record.each("dataset", find, [f"dataset.{field} {operator} ({values})" for field, values in [("name", "'cards'"), ("digest", "'d1', 'd3'"), ("context", "'train'")]])
    for operator in ["=", "!=", "LIKE", "ILIKE"]:
        record("run id " + operator, lambda operator=operator: find(f"run_id {operator} '{ids['one']}'"))
    spellings = [
        "",
        " ",
        "metrics.`val/loss` < 0",
        'metrics."val/loss" < 0',
        "metrics.val/loss < 0",
        "metrics.`my metric` = 3",
        "metrics.auc=0.9",
        "metrics.auc   >    0.1   AND   params.kind='tree'",
        "metrics.auc > 0.1 and params.kind = 'tree' And tags.team = 'red'",
        "params.`my param` = \"it's\"",
        "param.kind = 'tree'",
        "parameter.kind = 'tree'",
        "parameters.kind = \"tree\"",
        "tag.team = 'red'",
        "tags.a.b = 'dot'",
        "tags.`a.b` = 'dot'",
        "tags.`my tag` = 'say \"hi\"'",
        "run.status = 'FINISHED'",
        "attribute.status = 'FINISHED'",
        "run_name = \"Seven's\"",
        "run_name LIKE '%100\\%'",
        "run_name ILIKE 'NEUN Ü'",
        "params.x = '1' AND params.x = '1'",
        "params.x != '1' AND params.kind != 'Tree'",
        "params.kind IS NULL",
        "params.kind IS NOT NULL",
        "params.x is null",
        "tags.team IS NULL AND metrics.auc > 0",
        "tags.team is not null",
        "params.nothing = 'x'",
        "params.nothing != 'x'",
        "metrics.nothing > 0",
        "metrics.nothing != 0",
        "METRICS.auc > 0.5",
        "metrics.auc > 1e0",
        "metrics.auc > .5",
        "metrics.auc > 5.",
        "metrics.auc > +0.5",
        "metrics.auc > -1.5e-3",
        "metrics.n = 1",
        "metrics.n = 1.0",
        "metrics.auc > 0.1 AND metrics.auc < 0.95 AND metrics.n >= 1",
        "start_time > 100 AND end_time < 900",
    ]
    record.each("spelling", find, spellings)
    wrong = [
        "metrics.auc",
        "metrics.auc >",
        "metrics.auc > '0.5'",
        "metrics.auc > abc",
        "metrics.auc LIKE '0.5'",
        "metrics.auc IN (0.5)",
        "metrics.auc IS NULL",
        "metrics.auc = NaN",
        "metrics.auc > 1 OR metrics.auc < 0",
        "NOT metrics.auc > 1",
        "(metrics.auc > 1)",
        "metrics.auc == 1",
        "metrics.auc <> 1",
        "metrics.auc BETWEEN 0 AND 1",
        "metrics.auc > 1;",
        "metrics.auc > 1 AND",
        "AND metrics.auc > 1",
        "metrics.auc > 1 metrics.n > 1",
        "metrics.auc > 1, metrics.n > 1",
        "metrics. > 1",
        "params.kind = tree",
        "params.kind = 1",
        "params.kind > 'tree'",
        "params.kind IN ('tree')",
        "params.kind RLIKE 'tree'",
        "params.kind = 'tree",
        "params.kind = `tree`",
        "tags.team < 'red'",
        "tags.team NOT LIKE 'red'",
        "tags.team IN ('red')",
        "status > 'FINISHED'",
        "status IN ('FINISHED')",
        "status IS NULL",
        "run_id > 'a'",
        "run_id IN ()",
        "run_id IN ('a',)",
        "run_id IN 'a'",
        "run_id IN (1, 2)",
        "start_time > '100'",
        "start_time LIKE '1'",
        "start_time > abc",
        "experiment_id = '1'",
        "lifecycle_stage = 'active'",
        "nothing = 'x'",
        "attributes.nothing = 'x'",
        "foo.bar = 'x'",
        "dataset.nothing = 'x'",
        "dataset.name > 'x'",
        "dataset.name = 1",
        "datasets = 'x'",
        "metrics.auc > 1 -- comment",
        "/* comment */ metrics.auc > 1",
        "SELECT * FROM runs",
        "1 = 1",
        "'a' = 'a'",
        "0.5 < metrics.auc",
        "metrics.auc > metrics.n",
        "\u0000",
        "params.'kind' = 'tree'",
    ]
    record.each("wrong", find, wrong)


def search_order(record, client):
    experiment = make(client, "order")
    orders = [[], ["metrics.auc"], ["metrics.auc ASC"], ["metrics.auc DESC"], ["metrics.`auc` desc"], ["metric.n DESC"], ["metrics.n ASC", "metrics.auc DESC"]]
    orders += [["metrics.`val/loss`"], ["metrics.nothing DESC"], ["metrics.`my metric` ASC"]]
    orders += [["params.kind"], ["params.kind DESC"], ["param.x ASC", "run_name DESC"], ["parameters.x DESC"]]
    orders += [["tags.team"], ["tags.team DESC"], ["tag.`my tag`"], ["tags.mlflow.runName DESC"]]
    fields = ["start_time", "end_time", "status", "run_name", "user_id", "artifact_uri"]
    orders += [[f"attributes.{field} {way}", "run_name"] for field in fields[:3] for way in ["ASC", "DESC"]]
    orders += [[f"{field} desc", "attributes.run_name"] for field in ["attribute.end_time", "attr.status", "run.user_id", "`Run Name`", "Created"]]
    orders += [["start_time  DESC", "run_name  ASC"], [" run_name "], ["attributes.run_name ASC"]]
    record.each("order", lambda order: run_names(client.search_runs([experiment], order_by=order)), orders)
    wrong = [["metrics.auc UP"], ["metrics.auc ASC DESC"], ["nothing"], ["foo.bar"], [""], ["metrics."], ["metrics.auc, params.kind"], ["metrics.auc;"], ["1"], ["dataset.name"], ["experiment_id"], ["lifecycle_stage"]]
    record.each("wrong", lambda order: run_names(client.search_runs([experiment], order_by=order)), wrong)


def search_pages(record, client):
    experiment = make(client, "pages")
    for order in [["metrics.auc DESC"], ["params.kind"], ["tags.team DESC", "run_name"], ["end_time"], []]:
        for size in [1, 4, 9]:
            pages = every(client.search_runs, experiment_ids=[experiment], max_results=size, order_by=order)
            record(f"pages of {size} by {order}", lambda: (pages[0], run_names(pages[1])))
    pages = every(client.search_runs, experiment_ids=[experiment], max_results=2, filter_string="metrics.auc > 0", order_by=["metrics.auc"])
    record("pages of a filter", lambda: (pages[0], run_names(pages[1])))
    record.each("size", lambda size: len(client.search_runs([experiment], max_results=size)), [0, 1, -1, 50_000, 50_001])
    record.each("token", lambda token: len(client.search_runs([experiment], page_token=token)), ["nonsense", "%%%"])


def search_views(record, client):
    first, second = make(client, "view 1", RUNS[:3]), make(client, "view 2", RUNS[3:5])
    client.delete_run(client.search_runs([first], "run_name = 'one'")[0].info.run_id)

    def find(ids, view):
        return run_names(client.search_runs(ids, run_view_type=view, order_by=["start_time"]))

    for name, view in [("active", ViewType.ACTIVE_ONLY), ("deleted", ViewType.DELETED_ONLY), ("all", ViewType.ALL)]:
        record(name, lambda view=view: find([first], view))
        record(f"{name} of both", lambda view=view: find([second, first], view))
    client.delete_experiment(second)
    record("of a deleted experiment", lambda: find([second], ViewType.ACTIVE_ONLY))
    record("deleted of a deleted experiment", lambda: find([second], ViewType.DELETED_ONLY))
    record("of nobody", lambda: find(["999999"], ViewType.ALL))
    record("of none", lambda: find([], ViewType.ALL))
    record("of one twice", lambda: find([first, first], ViewType.ALL))
    table = mlflow.search_runs([first], output_format="list", order_by=["start_time"])
    record("whole", lambda: table)


def system_tags(record, client):
    """Tags that a program sets by hand with names that MLflow reads itself."""
    experiment = client.create_experiment("system tags")
    run_id = client.create_run(experiment, run_name="plain").info.run_id
    tags = {"mlflow.source.name": "train.py", "mlflow.source.type": "JOB", "mlflow.user": "eve", "mlflow.parentRunId": "x"}
    tags |= {"mlflow.source.git.commit": "abc", "mlflow.log-model.history": "[]", "mlflow.note.content": "# note", "mlflow.project.backend": "local"}
    for key, value in tags.items():
        record(f"set {key}", lambda key=key, value=value: client.set_tag(run_id, key, value))
    record("read", lambda: client.get_run(run_id))
    record("found by source", lambda: run_names(client.search_runs([experiment], "tags.mlflow.source.name = 'train.py'")))
    record("found by user", lambda: run_names(client.search_runs([experiment], "user_id = 'eve'")))
    record("name taken away", lambda: client.delete_tag(run_id, "mlflow.runName"))
    record("read again", lambda: client.get_run(run_id).info.run_name)
    record("empty name", lambda: client.update_run(run_id, name=""))
    record("read once more", lambda: client.get_run(run_id).info.run_name)
    record("context", lambda: isinstance(mlflow.start_run(experiment_id=experiment).data.tags["mlflow.source.name"], str))


SCENARIOS = [search_filters, search_order, search_pages, search_views, system_tags]
