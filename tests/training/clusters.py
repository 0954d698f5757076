"""Programs that train together, as the workers of a TF_CONFIG."""

import contextlib
import json
import socket

from tests import processes


def free_ports(number):
    """Returns ports of the loopback address that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def config_of(index, ports):
    """Returns the TF_CONFIG of a worker."""
    workers = [f"127.0.0.1:{port}" for port in ports]
    return json.dumps(
        {
            "cluster": {"worker": workers},
            "task": {"type": "worker", "index": index},
        }
    )


@contextlib.contextmanager
def started(mark, *flags, number=2):
    """Starts workers that train together; in the end none is left."""
    ports = free_ports(number)
    workers = []
    try:
        for index in range(number):
            environment = {"TF_CONFIG": config_of(index, ports)}
            workers.append(
                processes.start(mark, "train", *flags, **environment)
            )
        yield workers
    finally:
        for worker in workers:
            processes.kill(worker)


def run(mark, *flags, timeout=300):
    """Runs workers to their end; returns code, stdout and stderr of each."""
    with started(mark, *flags) as workers:
        return [ended(worker, timeout=timeout) for worker in workers]


def ended(worker, *, timeout=300):
    """Waits for a worker; returns its code, stdout and stderr."""
    out, err = worker.communicate(timeout=timeout)
    return worker.returncode, out, err
