"""A cluster of Ray as it is joined, or started, and what room it has.

Imports Ray, hence NumPy, and is imported where Ray is asked for alone.
"""

import contextlib
import os
import signal
from collections.abc import Iterator

import ray
from ray.exceptions import RayError

from hnas_tf.config import ClusterConfig
from hnas_tf.engines.ray_health import Address
from hnas_tf.errors import HnasError

_LOOPBACK = "127.0.0.1"


def connect(cluster: ClusterConfig) -> None:
    """Joins a cluster, or starts one on this machine.

    Raises:
        HnasError: if there is none, or it does not let us in.
    """
    if "://" in cluster.ray_address:
        # Ray's client does not say what becomes of the cluster behind it.
        raise HnasError(
            "Expected ray_address=auto or HOST:PORT, on a machine of the "
            f"cluster. Received: ray_address={cluster.ray_address}"
        )
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        with _own_handlers():
            _init(cluster.ray_address)
    except (ConnectionError, ValueError, RuntimeError, RayError) as error:
        raise HnasError(
            "Expected a Ray cluster at ray_address="
            f"{cluster.ray_address or 'this machine'}. Received: {error}"
        ) from error


def _init(address: str) -> None:
    quietly = {"log_to_driver": False, "logging_level": "ERROR"}
    if address:
        ray.init(address=address, **quietly)
        return
    ray.init(
        address="local",
        num_cpus=len(os.sched_getaffinity(0)),
        include_dashboard=False,
        **quietly,
    )
    _require_loopback(ray.util.get_node_ip_address())


@contextlib.contextmanager
def _own_handlers() -> Iterator[None]:
    """Puts back the handlers of SIGINT and SIGTERM: Ray has one of its own.

    That one ends the program, with an exit code of its own. Of a signal that
    it takes in the body, ours is told afterwards.
    """
    numbers = (signal.SIGINT, signal.SIGTERM)
    handlers = {number: signal.getsignal(number) for number in numbers}
    is_terminated = False
    try:
        yield
    except SystemExit:
        is_terminated = True
    finally:
        for number, handler in handlers.items():
            if signal.getsignal(number) != handler:
                signal.signal(number, handler)
    if is_terminated:
        signal.raise_signal(signal.SIGTERM)


def _require_loopback(address: str) -> None:
    """Checks that a Ray that was started is reached from here alone.

    Raises:
        HnasError: if it is not, for Ray was imported before it was told so.
    """
    if address != _LOOPBACK:
        ray.shutdown()
        raise HnasError(
            "Expected Ray to listen on the loopback address: let make_engine "
            "import it, or set RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER=0 before. "
            f"Received: {address}"
        )


def addresses() -> dict[str, Address]:
    """Returns where the head of Ray and its process on this machine listen."""
    context = ray.get_runtime_context()
    head, _, port = context.gcs_address.rpartition(":")
    here = context.get_node_id()
    (node,) = (node for node in ray.nodes() if node["NodeID"] == here)
    return {
        "the head of Ray": (head.strip("[]"), int(port)),
        "Ray's process on this machine": (
            node["NodeManagerAddress"],
            node["NodeManagerPort"],
        ),
    }


def room(cluster: ClusterConfig) -> int:
    """Returns how many workers there is room for now.

    Raises:
        HnasError: if there is none.
    """
    wanted = {
        "CPU": cluster.cpus_per_worker,
        "GPU": cluster.gpus_per_worker,
        "TPU": cluster.tpu_chips_per_worker,
    }
    there = ray.cluster_resources()
    rooms = [there.get(name, 0) / n for name, n in wanted.items() if n]
    if not rooms or min(rooms) < 1:
        raise HnasError(
            f"Expected room for a worker ({wanted}), or --num_workers that "
            f"wait for it. Received: {there}"
        )
    return int(min(rooms))
