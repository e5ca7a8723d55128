"""Runs one notebook in Deno's kernel and writes it with its outputs: execute.py FOLDER IN OUT.

Errors of cells are outputs like others; who calls decides what they mean. Exits 3 when a cell does not end.
"""

import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError

folder, source, target = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
client = NotebookClient(
    notebook,
    kernel_name="deno",
    timeout=300,
    startup_timeout=120,
    allow_errors=True,
    coalesce_streams=True,
    record_timing=False,
    resources={"metadata": {"path": folder}},
)
try:
    client.execute()
except CellTimeoutError as error:
    print(error, file=sys.stderr)
    sys.exit(3)
nbformat.write(notebook, target)
