"""What a scenario saw, as plain JSON values."""

import math

from mlflow.entities._mlflow_object import _MlflowObject
from mlflow.exceptions import MlflowException
from requests import HTTPError


class Record:
    """Steps by name, in the order in which they were taken."""

    def __init__(self):
        self.seen = {}

    def __call__(self, name, act):
        """Takes a step and writes down what it returned or which error it raised; hands back what it returned."""
        if name in self.seen:
            raise ValueError(f"step {name} was taken before")
        try:
            value = act()
            self.seen[name] = plain(value)
            return value
        except MlflowException as error:
            self.seen[name] = {"error": error.error_code}
        except HTTPError as error:
            self.seen[name] = {"http": error.response.status_code}
        except Exception as error:  # noqa: BLE001
            self.seen[name] = {"exception": f"{type(error).__name__}: {error}"}
        return None

    def each(self, prefix, act, values):
        """One step for each value."""
        for value in values:
            self(f"{prefix} {value!r}", lambda value=value: act(value))


def plain(value):
    if isinstance(value, _MlflowObject):
        return {name: plain(member) for name, member in value}
    if isinstance(value, dict):
        return {str(key): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return str(value)


def names(entities):
    return [entity.name for entity in entities]


def run_names(found):
    return [run.info.run_name for run in found]


def every(search, **query):
    """All pages of a search, each with its size."""
    sizes, found, token = [], [], None
    while True:
        page = search(page_token=token, **query)
        sizes.append(len(page))
        found += page
        token = page.token
        if not token:
            return sizes, found
