import mlflow
from mlflow.entities import ViewType
from record import every, names


def experiment_life(record, client):
    record("first experiment", lambda: client.get_experiment("0"))
    made = client.create_experiment("life", tags={"a": "1", "ä b": "ü"})
    record("created", lambda: client.get_experiment(made))
    record("by name", lambda: client.get_experiment_by_name("life"))
    record("by a name nobody has", lambda: client.get_experiment_by_name("nobody"))
    record("same name", lambda: client.create_experiment("life"))
    client.set_experiment_tag(made, "a", "2")
    client.set_experiment_tag(made, "mlflow.note.content", "a note")
    client.delete_experiment_tag(made, "ä b")
    record("tag that is not there", lambda: client.delete_experiment_tag(made, "nothing"))
    client.rename_experiment(made, "renamed")
    record("renamed", lambda: client.get_experiment(made))
    record("renamed to a taken name", lambda: client.rename_experiment(made, "Default"))
    run = client.create_run(made, run_name="inside")
    client.delete_experiment(made)
    record("deleted", lambda: client.get_experiment(made))
    record("deleted by name", lambda: client.get_experiment_by_name("renamed").lifecycle_stage)
    record("run of a deleted one", lambda: client.get_run(run.info.run_id).info.lifecycle_stage)
    record("run in a deleted one", lambda: client.create_run(made))
    record("name of a deleted one", lambda: client.create_experiment("renamed"))
    record("set to a deleted one", lambda: mlflow.set_experiment("renamed"))
    record("deleted twice", lambda: client.delete_experiment(made))
    record("renamed when deleted", lambda: client.rename_experiment(made, "again"))
    record("tagged when deleted", lambda: client.set_experiment_tag(made, "a", "3"))
    client.restore_experiment(made)
    record("restored", lambda: client.get_experiment(made))
    record("restored twice", lambda: client.restore_experiment(made))
    record("run of a restored one", lambda: client.get_run(run.info.run_id).info.lifecycle_stage)


def experiment_errors(record, client):
    record.each("get", client.get_experiment, ["999999", "abc", "", "-1", "1.5", "99999999999999999999"])
    record.each("delete", client.delete_experiment, ["999999", "abc"])
    record.each("create", client.create_experiment, ["", "x" * 500, "y" * 501, 5, "\U0001f600", "a/b", " ", "ünï"])
    record.each("create run", client.create_run, ["999999", "abc", ""])
    record.each("rename", lambda name: client.rename_experiment("0", name), ["", "z" * 501])
    for size in [250, 251]:
        record(f"tag key of {size}", lambda size=size: client.set_experiment_tag("0", "k" * size, "v"))
        client.delete_experiment_tag("0", "k" * 250) if size == 250 else None
    for size in [5000, 5001]:
        record(f"tag value of {size}", lambda size=size: client.set_experiment_tag("0", "long", "v" * size))
    client.delete_experiment_tag("0", "long")
    record.each("tag key", lambda key: client.set_experiment_tag("0", key, "v"), ["", "a/b", "../a", "a//b", "a,b", "."])
    record("artifact location with a fragment", lambda: client.create_experiment("frag", artifact_location="x#y"))
    record("artifact location of a run", lambda: client.create_experiment("runs", artifact_location="runs:/a/b"))


def experiment_search(record, client):
    for number, group in enumerate(["a", "b", "a", "c", "b"]):
        made = client.create_experiment(f"Exp {number}", tags={"group": group, "number": str(number), "search": "yes"})
        if number == 4:
            client.delete_experiment(made)
    client.create_experiment("exp 100%", tags={"search": "yes"})
    only = "tags.search = 'yes'"
    ordered = ["name ASC"]

    def find(filter_string, **query):
        both = f"{filter_string} AND {only}" if filter_string else only
        return names(client.search_experiments(filter_string=both, order_by=ordered, **query))

    record("all", lambda: find(""))
    record("deleted", lambda: find("", view_type=ViewType.DELETED_ONLY))
    record("deleted or not", lambda: find("", view_type=ViewType.ALL))
    filters = [
        "name = 'Exp 1'",
        "name != 'Exp 1'",
        "name LIKE 'Exp%'",
        "name LIKE 'exp%'",
        "name ILIKE 'EXP%'",
        "name LIKE 'Exp _'",
        "attribute.name = 'Exp 1'",
        "attributes.name = 'Exp 1'",
        "attr.name = 'Exp 1'",
        "tags.group = 'a'",
        "tag.group = 'a'",
        "tags.group != 'a'",
        "tags.group LIKE '%'",
        "tags.group ILIKE 'A'",
        "tags.`group` = 'b'",
        "tags.\"group\" = 'b'",
        "tags.group = 'a' and tags.number = '2'",
        "tags.group IS NULL",
        "tags.group IS NOT NULL",
        "creation_time > 0",
        "creation_time >= 0",
        "creation_time < 0",
        "creation_time <= 0",
        "creation_time = 0",
        "creation_time != 0",
        "last_update_time > 0",
        "last_update_time < 1000",
    ]
    record.each("filter", find, filters)
    wrong = [
        "name",
        "name =",
        "name = Exp",
        "name > 'a'",
        "name IN ('Exp 1')",
        "name = 'a' OR name = 'b'",
        "NOT name = 'a'",
        "(name = 'a')",
        "name == 'a'",
        "name <> 'a'",
        "experiment_id = '1'",
        "experiment_id IN ('1', '2')",
        "experiment_id NOT IN ('0', '1')",
        "experiment_id > '1'",
        "experiment_id = 1",
        "lifecycle_stage = 'active'",
        "creation_time > '0'",
        "creation_time LIKE '0'",
        "tags.group > 'a'",
        "metrics.a > 1",
        "x.y.z = 'a'",
        "tags = 'a'",
        "name = 'a';",
        "name RLIKE 'a'",
        ";",
    ]
    record.each("wrong filter", lambda text: names(client.search_experiments(filter_string=text)), wrong)
    orders = [
        ["name"],
        ["name DESC"],
        ["name desc"],
        ["attribute.name DESC"],
        ["last_update_time DESC", "name"],
        ["creation_time"],
        ["experiment_id"],
        ["experiment_id DESC"],
    ]
    record.each("order", lambda order: names(client.search_experiments(filter_string=only, order_by=order)), orders)
    bad_orders = [["tags.group"], ["nothing"], ["name UP"], ["name DESC ASC"], [""], ["name,experiment_id"]]
    record.each("wrong order", lambda order: names(client.search_experiments(order_by=order)), bad_orders)
    sizes = every(client.search_experiments, max_results=2, filter_string=only, order_by=ordered)
    record("pages", lambda: (sizes[0], names(sizes[1])))
    record.each("size", lambda size: len(client.search_experiments(filter_string=only, max_results=size)), [0, 1, -1, 50000, 50001])
    record.each("token", lambda token: len(client.search_experiments(page_token=token)), ["nonsense", "eyJvZmZzZXQiOiAtMX0="])


def fluent_experiments(record, _):
    chosen = record("set", lambda: mlflow.set_experiment("fluent"))
    record("set again", lambda: mlflow.set_experiment("fluent").experiment_id == chosen.experiment_id)
    mlflow.set_experiment_tag("one", 1)
    mlflow.set_experiment_tags({"two": 2, "three": True})
    record("tags", lambda: mlflow.get_experiment(chosen.experiment_id).tags)
    record("found", lambda: names(mlflow.search_experiments(filter_string="tags.two = '2'")))
    record("by id", lambda: mlflow.set_experiment(experiment_id=chosen.experiment_id).name)


SCENARIOS = [experiment_life, experiment_errors, experiment_search, fluent_experiments]
