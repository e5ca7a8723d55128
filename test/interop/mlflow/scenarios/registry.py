import mlflow
from record import every, names


def registered_models(record, client):
    record("created", lambda: client.create_registered_model("cards", tags={"team": "red", "n": "1"}, description="first"))
    record("again", lambda: client.create_registered_model("cards"))
    record("read", lambda: client.get_registered_model("cards"))
    record("nobody", lambda: client.get_registered_model("nobody"))
    for name in ["", " ", "a/b", "a:b", "../a", "a" * 256, "a" * 257, "ünï ✓", "a%b", ".", "a\\b"]:
        record(f"name {name!r}", lambda name=name: client.create_registered_model(name).name)
    record("described", lambda: client.update_registered_model("cards", description="second"))
    record("described by nothing", lambda: client.update_registered_model("cards", description=""))
    client.set_registered_model_tag("cards", "team", "blue")
    client.set_registered_model_tag("cards", "ä b", "ü")
    client.delete_registered_model_tag("cards", "n")
    record("tag that is not there", lambda: client.delete_registered_model_tag("cards", "nothing"))
    record("tags", lambda: client.get_registered_model("cards").tags)
    record("tag key of 250", lambda: client.set_registered_model_tag("cards", "k" * 250, "v"))
    record("tag key of 251", lambda: client.set_registered_model_tag("cards", "k" * 251, "v"))
    record("tag value of 100,000", lambda: client.set_registered_model_tag("cards", "long", "v" * 100_000))
    record("tag value of 100,001", lambda: client.set_registered_model_tag("cards", "long", "v" * 100_001))
    record("tag of nobody", lambda: client.set_registered_model_tag("nobody", "a", "b"))
    record("renamed", lambda: client.rename_registered_model("cards", "payments").name)
    record("old name", lambda: client.get_registered_model("cards"))
    client.create_registered_model("taken")
    record("renamed to a taken name", lambda: client.rename_registered_model("payments", "taken"))
    record("renamed to a wrong name", lambda: client.rename_registered_model("payments", "a/b"))
    record("renamed nobody", lambda: client.rename_registered_model("nobody", "somebody"))
    client.delete_registered_model("payments")
    record("deleted", lambda: client.get_registered_model("payments"))
    record("deleted twice", lambda: client.delete_registered_model("payments"))
    record("made anew", lambda: client.create_registered_model("payments"))


def model_versions(record, client):
    experiment = client.create_experiment("versions")
    run_id = client.create_run(experiment).info.run_id
    client.log_text(run_id, "x", "model/MLmodel")
    source = f"{client.get_run(run_id).info.artifact_uri}/model"
    client.create_registered_model("fraud")

    def version(**fields):
        return client.create_model_version("fraud", source, run_id, **fields)

    record("first", lambda: version(tags={"a": "1"}, description="one"))
    record("second", lambda: version(run_link="http://somewhere/run"))
    record("by runs", lambda: client.create_model_version("fraud", f"runs:/{run_id}/model", run_id).source == source)
    record("of one nobody logged", lambda: bool(client.create_model_version("fraud", f"runs:/{run_id}/nothing", run_id).source))
    record("of nobody", lambda: client.create_model_version("nobody", source, run_id))
    record("read", lambda: client.get_model_version("fraud", "1"))
    record("read by number", lambda: client.get_model_version("fraud", 2).version)
    record.each("get", lambda number: client.get_model_version("fraud", number), ["99", "abc", "0", "-1", "1.5", ""])
    record("uri", lambda: client.get_model_version_download_uri("fraud", "1") == source)
    record("uri of nobody", lambda: client.get_model_version_download_uri("fraud", "99"))
    record("described", lambda: client.update_model_version("fraud", "1", "new").description)
    client.set_model_version_tag("fraud", "1", "validation_status", "passed")
    client.delete_model_version_tag("fraud", "1", "a")
    record("tag that is not there", lambda: client.delete_model_version_tag("fraud", "1", "nothing"))
    record("tag of nobody", lambda: client.set_model_version_tag("fraud", "99", "a", "b"))
    record("tags", lambda: client.get_model_version("fraud", "1").tags)
    record("latest", lambda: [one.version for one in client.get_latest_versions("fraud")])
    record("latest of stages", lambda: [one.version for one in client.get_latest_versions("fraud", stages=["None"])])
    client.set_registered_model_alias("fraud", "champion", "1")
    client.set_registered_model_alias("fraud", "challenger", 2)
    record("alias", lambda: client.get_model_version_by_alias("fraud", "champion"))
    record("aliases", lambda: client.get_registered_model("fraud").aliases)
    client.set_registered_model_alias("fraud", "champion", "2")
    record("moved", lambda: [client.get_model_version_by_alias("fraud", "champion").version, client.get_model_version("fraud", "2").aliases, client.get_model_version("fraud", "1").aliases])
    record("alias of nobody", lambda: client.get_model_version_by_alias("nobody", "champion"))
    record("alias that is not there", lambda: client.get_model_version_by_alias("fraud", "nothing"))
    record("alias to nobody", lambda: client.set_registered_model_alias("fraud", "lost", "99"))
    record("alias of no model", lambda: client.set_registered_model_alias("nobody", "lost", "1"))
    record("latest as alias", lambda: client.get_model_version_by_alias("fraud", "latest").version)
    spellings = ["latest", "Latest", "v1", "V12", "v1a", "v", "-", "a_b-c", "ünï", "a b", "a.b", "a/b", "", "x" * 255, "x" * 256, "1"]
    record.each("alias", lambda alias: client.set_registered_model_alias("fraud", alias, "1"), spellings)
    record.each("unalias", lambda alias: client.delete_registered_model_alias("fraud", alias), ["v1a", "-", "a_b-c", "ünï", "x" * 255, "v", "1", "nothing"])
    record("unalias of nobody", lambda: client.delete_registered_model_alias("nobody", "a"))
    client.set_registered_model_alias("fraud", "doomed", "2")
    client.delete_model_version("fraud", "2")
    record("deleted", lambda: client.get_model_version("fraud", "2"))
    record("deleted twice", lambda: client.delete_model_version("fraud", "2"))
    record("alias of a deleted version", lambda: client.get_model_version_by_alias("fraud", "doomed"))
    record("aliases after that", lambda: client.get_registered_model("fraud").aliases)
    client.delete_model_version("fraud", "4")
    record("next number", lambda: version().version)
    record("stage", lambda: client.transition_model_version_stage("fraud", "1", "Production"))
    record("copied", lambda: client.copy_model_version("models:/fraud/1", "copy"))
    record("renamed", lambda: client.rename_registered_model("fraud", "risk").name)
    record("after renaming", lambda: [client.get_model_version("risk", "1").name, client.get_model_version_by_alias("risk", "challenger").version])
    record("challenger again", lambda: client.set_registered_model_alias("risk", "challenger", "1"))
    record("after setting it", lambda: client.get_model_version_by_alias("risk", "challenger").version)
    client.delete_registered_model("risk")
    record("all gone", lambda: client.get_model_version("risk", "1"))
    client.create_registered_model("risk")
    record("number of a model made anew", lambda: client.create_model_version("risk", source, run_id).version)
    record("without a run", lambda: client.create_model_version("risk", f"runs:/{run_id}/model").run_id)
    client.delete_registered_model("risk")


def version_sources(record, client):
    """Sources that must not be taken: they would let a client read what is not its own."""
    client.create_registered_model("sources")
    run_id = client.create_run("0").info.run_id
    sources = ["/etc", "file:///etc", "../../etc", "mlflow-artifacts:/../../etc", "mlflow-artifacts:/a/%2e%2e/%2e%2e/etc", "", "models:/nobody/1", "models:/m-" + "0" * 32, "runs:/" + "0" * 32 + "/model", "http://127.0.0.1/x"]
    record.each("source", lambda source: bool(client.create_model_version("sources", source, run_id).version), sources)
    client.delete_registered_model("sources")


def registry_search(record, client):
    run_ids = {name: client.create_run("0").info.run_id for name in ["a", "b"]}
    for name, team in [("find a", "red"), ("find b", "blue"), ("Find C", "red"), ("find 100%", "green")]:
        client.create_registered_model(name, tags={"team": team, "kind": "tree"}, description=f"of {name}")
    client.create_registered_model("other find")
    for name, run, level in [("find a", "a", "1"), ("find a", "b", "2"), ("find b", "a", "3"), ("Find C", "b", "4")]:
        uri = client.get_run(run_ids[run]).info.artifact_uri
        client.create_model_version(name, f"{uri}/{level}", run_ids[run], tags={"level": level}, description=level)
    client.set_registered_model_alias("find a", "champion", "2")
    client.delete_model_version("find b", "1")

    def models(text, **query):
        return names(client.search_registered_models(text, order_by=["name"], **query))

    kinds = [None, "", "name = 'find a'", "name != 'find a' AND name ILIKE 'find%'", "name LIKE 'find%'", "name ILIKE 'find%'", "name LIKE 'find _'", "attribute.name = 'find a'"]
    kinds += ["tags.team = 'red'", "tag.team = 'red'", "tags.team != 'red'", "tags.team LIKE 'r%'", "tags.team ILIKE 'R%'", "tags.`team` = 'red' AND name = 'find a'", "tags.nothing = 'x'", "tags.nothing != 'x'"]
    record.each("models", models, kinds)
    wrong = ["name", "name > 'a'", "name IN ('find a')", "name = a", "tags.team > 'a'", "run_id = 'a'", "name = 'a' OR name = 'b'", "description = 'x'", "metrics.a > 1", "tags.team IS NULL", "name == 'a'"]
    record.each("wrong models", models, wrong)
    orders = [["name"], ["name DESC"], ["last_updated_timestamp", "name"], ["timestamp DESC", "name"], ["attribute.name"], ["version"], ["nothing"], ["name UP"], [""]]
    record.each("models by", lambda order: names(client.search_registered_models("name ILIKE '%find%'", order_by=order)), orders)
    record("whole model", lambda: client.search_registered_models("name = 'find a'")[0])
    sizes = every(client.search_registered_models, filter_string="name ILIKE '%find%'", max_results=2, order_by=["name"])
    record("pages of models", lambda: (sizes[0], names(sizes[1])))
    record.each("size of models", lambda size: len(client.search_registered_models("name ILIKE 'find%'", max_results=size)), [0, 1, 1000, 1001])

    def versions(text, **query):
        found = client.search_model_versions(text, **query)
        return sorted((one.name, one.version) for one in found)

    kinds = ["name = 'find a'", "name LIKE 'find%'", "name ILIKE 'FIND%'", "name != 'find a' AND name ILIKE 'find%'", f"run_id = '{run_ids['a']}'", f"run_id IN ('{run_ids['a']}', '{run_ids['b']}')", f"attributes.run_id = '{run_ids['b']}'"]
    kinds += ["name = 'find a' AND version_number = 1", "name = 'find a' AND version_number >= 1", "name = 'find a' AND version_number < 2", "name ILIKE 'find%' AND version_number != 1"]
    kinds += ["tags.level = '2'", "tag.level != '2' AND name ILIKE 'find%'", "tags.level LIKE '%'", "source_path LIKE '%/2' AND name = 'find a'", "source_path = 'x'", "name = 'find a' AND tags.level = '1'"]
    record.each("versions", versions, kinds)
    wrong = ["name", "name > 'a'", "name IN ('find a')", "version = 1", "version_number = '1'", "version_number LIKE '1'", "run_id IN ()", "run_id > 'a'", "tags.level > '1'", "aliases = 'champion'", "current_stage = 'None'", "name = 'a' OR name = 'b'", "run_id NOT IN ('a')"]
    record.each("wrong versions", versions, wrong)
    orders = [["name", "version_number"], ["name DESC", "version_number DESC"], ["version_number DESC", "name"], ["creation_timestamp DESC", "name"], ["last_updated_timestamp", "name", "version_number"], ["nothing"], ["version"], ["name UP"]]
    record.each("versions by", lambda order: [(one.name, one.version) for one in client.search_model_versions("name ILIKE 'find%'", order_by=order)], orders)
    pages = every(client.search_model_versions, filter_string="name ILIKE 'find%'", max_results=2, order_by=["name", "version_number"])
    record("pages of versions", lambda: (pages[0], [(one.name, one.version) for one in pages[1]]))
    record.each("size of versions", lambda size: len(client.search_model_versions("name ILIKE 'find%'", max_results=size)), [0, 1, 200_000, 200_001])
    record("whole version", lambda: client.search_model_versions("name = 'find a' AND version_number = 1")[0])
    record("fluent", lambda: [names(mlflow.search_registered_models(filter_string="name = 'find b'")), len(mlflow.search_model_versions(filter_string="name = 'find a'"))])


SCENARIOS = [registered_models, model_versions, version_sources, registry_search]
