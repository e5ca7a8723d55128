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
    context = zmq.Context()
    # the clients' ports are taken before free ones are looked for, or the kernel could be given one of them
    clients = {name: taken(context, front, name) for name in (*CHANNELS, "iopub")}
    back = {**front, "transport": "tcp", "ip": "127.0.0.1", **free_ports()}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(back, file)
        file.flush()
        kernel = subprocess.Popen([deno, "jupyter", "--kernel", "--conn", file.name], preexec_fn=end_with_parent)
        # an interrupt is the kernel's
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        servers = {name: connected(context, back, name) for name in clients}
        pass_on(clients, servers, kernel)
    context.destroy(linger=LOOK_MS)
    return kernel.wait()


def taken(context, front, name):
    """Where clients ask on a channel, or listen."""
    client = context.socket(zmq.PUB if name == "iopub" else zmq.ROUTER)
    client.bind(address(front, name))
    return client


def connected(context, back, name):
    """The kernel's end of a channel."""
    server = context.socket(zmq.SUB if name == "iopub" else zmq.DEALER)
    if name == "iopub":
        server.subscribe(b"")
    else:
        # one name on all channels: the kernel asks on one who asked it on another
        server.identity = b"client"
    server.connect(address(back, name))
    return server


def pass_on(clients, servers, kernel):
    """Passes messages both ways until the kernel has ended."""
    to_kernel = {clients[name]: servers[name] for name in CHANNELS}
    to_client = {servers[name]: clients[name] for name in CHANNELS}
    told, shown = servers["iopub"], clients["iopub"]
    poller = zmq.Poller()
    for each in (*to_kernel, *to_client, told):
        poller.register(each, zmq.POLLIN)
    asked, held = {}, []
    while kernel.poll() is None:
        wait = LOOK_MS if not held else max(0, 1000 * (held[0][0] - time.monotonic()))
        for ready, _ in poller.poll(wait):
            message = ready.recv_multipart()
            if ready in to_kernel:
                to_kernel[ready].send_multipart(without_client(message, asked))
            elif ready in to_client:
                to_client[ready].send_multipart(with_client(message, asked))
            elif is_end(message):
                held.append((time.monotonic() + LATER_S, message))
            else:
                shown.send_multipart(message)
        while held and held[0][0] <= time.monotonic():
            shown.send_multipart(held.pop(0)[1])


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
