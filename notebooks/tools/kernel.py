"""Deno's kernel with its messages in order: kernel.py CONNECTION_FILE DENO.

Deno says that a cell has ended (`idle`) while some of what the cell shows is still on its way, and clients drop what comes
after that: one output in thirty. This program stands between client and kernel and passes every message on as it is, that
one a moment later.
"""

import ctypes
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time

import zmq

LATER_S = 0.05
LOOK_MS = 500
CHANNELS = ("shell", "control", "stdin", "hb")
DELIMITER = b"<IDS|MSG>"
PR_SET_PDEATHSIG = 1


def main(connection_file, deno):
    with open(connection_file) as file:
        front = json.load(file)
    back = {**front, "transport": "tcp", "ip": "127.0.0.1", **free_ports()}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(back, file)
        file.flush()
        kernel = subprocess.Popen([deno, "jupyter", "--kernel", "--conn", file.name], preexec_fn=end_with_parent)
        # an interrupt is the kernel's
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        pass_on(front, back, kernel)
    return kernel.wait()


def pass_on(front, back, kernel):
    """Passes messages both ways until the kernel has ended."""
    context = zmq.Context()
    poller = zmq.Poller()
    clients, servers = {}, {}
    for name in CHANNELS:
        client, server = context.socket(zmq.ROUTER), context.socket(zmq.DEALER)
        # one name on all channels: the kernel asks on one who asked it on another
        server.identity = b"client"
        client.bind(address(front, name))
        server.connect(address(back, name))
        clients[client], servers[server] = server, client
    shown, told = context.socket(zmq.PUB), context.socket(zmq.SUB)
    shown.bind(address(front, "iopub"))
    told.connect(address(back, "iopub"))
    told.subscribe(b"")
    for each in (*clients, *servers, told):
        poller.register(each, zmq.POLLIN)
    asked, held = {}, []
    while kernel.poll() is None:
        wait = LOOK_MS if not held else max(0, 1000 * (held[0][0] - time.monotonic()))
        for ready, _ in poller.poll(wait):
            message = ready.recv_multipart()
            if ready in clients:
                clients[ready].send_multipart(without_client(message, asked))
            elif ready in servers:
                servers[ready].send_multipart(with_client(message, asked))
            elif is_end(message):
                held.append((time.monotonic() + LATER_S, message))
            else:
                shown.send_multipart(message)
        while held and held[0][0] <= time.monotonic():
            shown.send_multipart(held.pop(0)[1])
    context.destroy(linger=LOOK_MS)


def without_client(message, asked):
    """The kernel answers to its neighbour alone, so who asked is kept here, by the id of the question."""
    if DELIMITER not in message:
        return message
    at = message.index(DELIMITER)
    asked[json.loads(message[at + 2])["msg_id"]] = message[:at]
    return message[at:]


def with_client(message, asked):
    """An answer, for whoever asked its parent."""
    if DELIMITER not in message:
        return message
    return [*asked[json.loads(message[3])["msg_id"]], *message]


def is_end(message):
    """Whether it says that a cell has ended: delimiter, signature, header, parent, metadata, content."""
    _, _, header, parent, _, content = message[message.index(DELIMITER) :][:6]
    return (
        json.loads(header)["msg_type"] == "status"
        and json.loads(content)["execution_state"] == "idle"
        and json.loads(parent).get("msg_type") == "execute_request"
    )


def address(connection, name):
    return f"{connection['transport']}://{connection['ip']}:{connection[f'{name}_port']}"


def free_ports():
    """Ports that nobody has now: they were taken and let go."""
    taken = {f"{name}_port": socket.create_server(("127.0.0.1", 0)) for name in (*CHANNELS, "iopub")}
    ports = {name: server.getsockname()[1] for name, server in taken.items()}
    for server in taken.values():
        server.close()
    return ports


def end_with_parent():
    """On Linux a kernel whose program is killed must not stay."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
