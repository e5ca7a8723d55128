"""Runs one notebook in Deno's kernel and writes it with its outputs: execute.py FOLDER IN OUT.

Errors of cells are outputs like others; who calls decides what they mean. Exits 3 when a cell does not end.
"""

import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

folder, source, target = sys.argv[1:]


def execute():
    """The notebook with its outputs; RuntimeError when its kernel does not start."""
    notebook = nbformat.read(source, as_version=4)
    NotebookClient(
        notebook,
        kernel_name="deno",
        timeout=300,
        startup_timeout=30,
        allow_errors=True,
        coalesce_streams=True,
        record_timing=False,
        resources={"metadata": {"path": folder}},
    ).execute()
    return notebook


def execute_when_started(tries=3):
    """Jupyter lets a kernel's ports go before the kernel takes them, so that one which starts beside it may get one.

    A kernel that dies later is a failure.
    """
    for _ in range(tries - 1):
        try:
            return execute()
        except DeadKernelError:
            raise
        except RuntimeError as error:
            print(error, file=sys.stderr)
    return execute()


try:
    executed = execute_when_started()
except CellTimeoutError as error:
    print(error, file=sys.stderr)
    sys.exit(3)
nbformat.write(executed, target)
