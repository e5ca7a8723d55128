import mlflow
import numpy as np
import pandas as pd
from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelInput, LoggedModelOutput


def dataset_inputs(record, client):
    mlflow.set_experiment("inputs")
    table = pd.DataFrame({"amount": [1.0, 2.5, 3.0], "hour": [1, 2, 3], "card": ["a", "b", "c"], "isFraud": [0, 1, 0]})
    with mlflow.start_run(run_name="with data") as run:
        training = mlflow.data.from_pandas(table, source="cards.csv", name="cards", targets="isFraud")
        record("training", lambda: mlflow.log_input(training, context="training"))
        record("again", lambda: mlflow.log_input(training, context="training"))
        record("other context", lambda: mlflow.log_input(training, context="other", tags={"side": "left"}))
        held = mlflow.data.from_numpy(np.arange(6.0).reshape(3, 2), targets=np.array([0, 1, 0]), name="held")
        record("array", lambda: mlflow.log_input(held))
        both = [mlflow.data.from_pandas(table[:2], name=f"part {i}") for i in range(2)]
        record("several", lambda: mlflow.log_inputs(datasets=both, contexts=["a", "b"], tags_list=[{"i": "0"}, None]))
    read = client.get_run(run.info.run_id).inputs
    record("read", lambda: sorted((sorted_input(one) for one in read.dataset_inputs), key=str))
    record("source", lambda: mlflow.data.get_source(read.dataset_inputs[0]).uri)
    by_name = mlflow.search_runs(experiment_names=["inputs"], filter_string="dataset.name = 'held'", output_format="list")
    record("found", lambda: [len(by_name), len(by_name[0].inputs.dataset_inputs)])


def input_limits(record, client):
    experiment = client.create_experiment("input limits")
    run_id = client.create_run(experiment).info.run_id

    def log(name="n", digest="d", tags=(), **fields):
        dataset = Dataset(name, digest, fields.get("source_type", "local"), fields.get("source", "{}"), fields.get("schema"), fields.get("profile"))
        client.log_inputs(run_id, [DatasetInput(dataset, [InputTag(*tag) for tag in tags])])

    record("least", lambda: log())
    record("name of 500", lambda: log("n" * 500))
    record("name of 501", lambda: log("n" * 501))
    record("digest of 36", lambda: log(digest="d" * 36))
    record("digest of 37", lambda: log(digest="d" * 37))
    record("tag key of 255", lambda: log("tag key", tags=[("k" * 255, "v")]))
    record("tag key of 256", lambda: log("tag key 2", tags=[("k" * 256, "v")]))
    record("tag value of 500", lambda: log("tag value", tags=[("k", "v" * 500)]))
    record("tag value of 501", lambda: log("tag value 2", tags=[("k", "v" * 501)]))
    record("schema of 1,000", lambda: log("schema", schema="s" * 1000, profile="p" * 1000))
    record("source of 65,536", lambda: log("source", source="s" * 65_536))
    record("no datasets", lambda: client.log_inputs(run_id, []))
    record("a run nobody has", lambda: client.log_inputs("0" * 32, []))
    record("read", lambda: sorted((one.dataset.name, one.dataset.digest, sorted(tag.key for tag in one.tags)) for one in client.get_run(run_id).inputs.dataset_inputs))


def model_inputs(record, client):
    experiment = client.create_experiment("model inputs")
    run_id = client.create_run(experiment).info.run_id
    model = client.create_logged_model(experiment, name="model", source_run_id=run_id)
    other = client.create_logged_model(experiment, name="other")
    record("output", lambda: client.log_outputs(run_id, [LoggedModelOutput(model.model_id, step=3)]))
    record("input", lambda: client.log_inputs(run_id, models=[LoggedModelInput(other.model_id)]))
    record("outputs, read", lambda: client.get_run(run_id).outputs)
    record("inputs, read", lambda: client.get_run(run_id).inputs)


def sorted_input(one):
    tags = sorted((tag.key, tag.value) for tag in one.tags)
    dataset = one.dataset
    return [dataset.name, dataset.digest, dataset.source_type, dataset.source if dataset.source_type != "code" else "", dataset.schema, dataset.profile, [tag for tag in tags if not tag[0].startswith("mlflow.source")]]


SCENARIOS = [dataset_inputs, input_limits, model_inputs]
