import json
import os
import tempfile

import matplotlib
import mlflow
import numpy as np
import pandas as pd
from mlflow.artifacts import download_artifacts, list_artifacts, load_dict, load_text
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402


def artifacts(record, client):
    mlflow.set_experiment("artifacts")
    folder = write_folder()
    with mlflow.start_run() as run:
        mlflow.log_artifact(os.path.join(folder, "a.txt"))
        mlflow.log_artifact(os.path.join(folder, "a.txt"), "deep/er")
        mlflow.log_artifacts(folder, "all")
        mlflow.log_text("hällo", "texts/hello.txt")
        mlflow.log_text("<p>hi</p>", "texts/page.html")
        mlflow.log_dict({"a": [1, 2], "b": {"c": None}}, "data.json")
        mlflow.log_dict({"a": [1, 2]}, "data.yaml")
        figure, axes = plt.subplots()
        axes.plot([1, 2], [3, 4])
        mlflow.log_figure(figure, "plots/line.png")
        mlflow.log_image(np.zeros((4, 4, 3), dtype=np.uint8), "plots/black.png")
        mlflow.log_table({"q": ["x", "y"], "n": [1, 2]}, "table.json")
        mlflow.log_table(pd.DataFrame({"q": ["z"], "n": [3]}), "table.json")
        mlflow.log_text("overwritten", "texts/hello.txt")
    run_id = run.info.run_id

    def listed(path=None):
        return [(one.path, one.is_dir, one.file_size if not one.path.endswith("png") else 0) for one in client.list_artifacts(run_id, path)]

    record.each("list", listed, [None, "", "deep", "deep/er", "all", "all/sub", "texts", "plots", "nothing", "a.txt", "all/empty"])
    record.each("list outside", listed, ["..", "../..", "/etc", "a/../..", "%2e%2e", "texts/../plots"])
    record("fluent list", lambda: [one.path for one in list_artifacts(run_id=run_id, artifact_path="texts")])
    record("text", lambda: load_text(f"{run.info.artifact_uri}/texts/hello.txt"))
    record("dict", lambda: load_dict(f"runs:/{run_id}/data.json"))
    record("yaml", lambda: load_text(f"runs:/{run_id}/data.yaml"))
    record("table", lambda: mlflow.load_table("table.json", run_ids=[run_id]).to_dict("list"))
    record("tag of tables", lambda: json.loads(client.get_run(run_id).data.tags["mlflow.loggedArtifacts"]))
    record("folder", lambda: tree(client.download_artifacts(run_id, "all", tempfile.mkdtemp())))
    record("whole run", lambda: tree(download_artifacts(run_id=run_id, dst_path=tempfile.mkdtemp())))
    record("one file", lambda: os.path.basename(client.download_artifacts(run_id, "deep/er/a.txt", tempfile.mkdtemp())))
    record("a file that is not there", lambda: kind_of(lambda: client.download_artifacts(run_id, "nothing.txt", tempfile.mkdtemp())))
    record.each("download outside", lambda path: kind_of(lambda: client.download_artifacts(run_id, path, tempfile.mkdtemp())), ["../../x", "/etc/passwd", "%2e%2e/x"])
    names = ["with blank.txt", "ünï.txt", "per%20cent.txt", "a+b&c=d.txt", "hash#tag.txt", "quo'te.txt", "semi;colon.txt", "ques?tion.txt", "MLmodel", "no_suffix", "tilde~.txt", "br[ack]et.txt"]
    for name in names:
        record(f"name {name}", lambda name=name: mlflow_text(client, run_id, f"names/{name}"))
    record("names", lambda: listed("names"))
    repository = get_artifact_repository(run.info.artifact_uri)
    record("delete one", lambda: repository.delete_artifacts("texts/hello.txt"))
    record("after deleting one", lambda: listed("texts"))
    record("delete a folder", lambda: repository.delete_artifacts("all"))
    record("delete what is not there", lambda: kind_of(lambda: repository.delete_artifacts("nothing")))
    record("after deleting a folder", lambda: listed())
    record("delete outside", lambda: kind_of(lambda: repository.delete_artifacts("../..")))
    record("delete all", lambda: repository.delete_artifacts())
    record("after deleting all", lambda: listed())
    client.delete_run(run_id)
    record("of a deleted run", lambda: client.log_text(run_id, "x", "late.txt"))


def large_artifact(record, client):
    run_id = client.create_run(client.create_experiment("large")).info.run_id
    data = np.random.default_rng(1).bytes(20_000_000)
    file = os.path.join(tempfile.mkdtemp(), "large.bin")
    with open(file, "wb") as out:
        out.write(data)
    client.log_artifact(run_id, file)
    record("listed", lambda: client.list_artifacts(run_id))
    with open(client.download_artifacts(run_id, "large.bin", tempfile.mkdtemp()), "rb") as back:
        record("the same", lambda: back.read() == data)
    empty = os.path.join(tempfile.mkdtemp(), "empty.txt")
    open(empty, "w").close()
    client.log_artifact(run_id, empty)
    record("empty", lambda: [(one.path, one.file_size) for one in client.list_artifacts(run_id)])
    record("empty, read", lambda: os.path.getsize(client.download_artifacts(run_id, "empty.txt", tempfile.mkdtemp())))


def mlflow_text(client, run_id, path):
    client.log_text(run_id, path, path)
    uri = client.get_run(run_id).info.artifact_uri
    with open(get_artifact_repository(uri).download_artifacts(path, tempfile.mkdtemp())) as file:
        return file.read() == path


def kind_of(act):
    """What is not there fails on the client's side in several ways; whether it fails is what counts."""
    try:
        act()
        return "done"
    except Exception:  # noqa: BLE001
        return "refused"


def write_folder():
    folder = tempfile.mkdtemp()
    for path in ["a.txt", "b.csv", "sub/c.json", "sub/deeper/d.bin"]:
        file = os.path.join(folder, path)
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "w") as out:
            out.write(path * 3)
    return folder


def tree(folder):
    return sorted(os.path.relpath(os.path.join(at, file), folder) for at, _, files in os.walk(folder) for file in files)


SCENARIOS = [artifacts, large_artifact]
