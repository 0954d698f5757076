"""The Ray engine: children of actors, on one machine or many.

Imports Ray, hence NumPy, and is imported where Ray is asked for alone.
"""

import math
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import ray

from hnas_tf.config import (
    LOCAL_TPU,
    ClusterConfig,
    SearchConfig,
    WorkersConfig,
)
from hnas_tf.config.document import config_to_document
from hnas_tf.engines.child_process import Child
from hnas_tf.engines.children import ChildrenEngine
from hnas_tf.engines.devices import CPU, GPU, TPU, Device
from hnas_tf.engines.ray_child import RemoteChild
from hnas_tf.engines.ray_health import LOOK_SECONDS, Address, RayHealth
from hnas_tf.engines.ray_supervisor import Supervisor
from hnas_tf.errors import HnasError, require
from hnas_tf.events import Event

_LOOPBACK = "127.0.0.1"
_ACTOR = ray.remote(concurrency_groups={"listening": 1})(Supervisor)


def ray_engine(config: SearchConfig) -> "RayEngine":
    """Returns the engine of a search on a Ray cluster.

    Raises:
        InvalidError: if chips are reserved and not trained on, or vice versa.
    """
    chips = config.cluster.tpu_chips_per_worker
    wanted = LOCAL_TPU if chips else ""
    require(
        config.devices.tpu == wanted,
        "tpu",
        f"be {wanted!r} where tpu_chips_per_worker={chips}",
        config.devices.tpu,
    )
    data = config.data
    folder = Path(data.prepared_dir) / data.fingerprint
    return RayEngine(
        config.evaluator,
        config_to_document(config),
        cluster=config.cluster,
        workers=config.workers,
        pictures=folder if data.fingerprint else None,
    )


class RayEngine(ChildrenEngine):
    """Has every child wherever Ray finds a place.

    Workers for whom there is none yet wait for it: machines may come later. A
    worker whose machine is gone waits for another one.
    """

    def __init__(
        self,
        evaluator: str,
        config: dict[str, Any],
        *,
        cluster: ClusterConfig,
        workers: WorkersConfig,
        pictures: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Starts nothing yet; entering does.

        Args:
            evaluator: As of `ChildrenEngine`.
            config: Likewise.
            cluster: Where the workers are.
            workers: Timeouts and counts.
            pictures: The folder of files that every machine gets, if any.
            clock: In seconds.
        """
        super().__init__(evaluator, config, workers=workers, clock=clock)
        self._cluster = cluster
        self._pictures = pictures
        self._put_pictures: Any = None
        self._health = RayHealth({}, clock)

    def __enter__(self) -> Self:
        """Starts Ray, or joins it, and then a child for every worker.

        Raises:
            HnasError: if there is no such cluster, or no room in it.
        """
        _connect(self._cluster)
        try:
            self._health = RayHealth(_addresses(), self._clock)
            if self._pictures is not None:
                files = sorted(self._pictures.iterdir())
                contents = {f.name: f.read_bytes() for f in files}
                self._put_pictures = ray.put(contents)
            return super().__enter__()
        except BaseException:
            ray.shutdown()
            raise

    def __exit__(self, *exception: object) -> None:
        """Ends the children, their actors, and a Ray that was started."""
        super().__exit__(*exception)
        ray.shutdown()

    def next_events(self, within: float = math.inf) -> list[Event]:
        """Waits for an event; returns it and all that arrived with it.

        Args:
            within: Seconds, after which there need not be any.

        Raises:
            HnasError: if Ray itself is gone.
        """
        events: list[Event] = []
        end = self._clock() + within
        while not events and (left := end - self._clock()) > 0:
            self._health.look()
            events = super().next_events(min(left, LOOK_SECONDS))
        return events

    def _devices(self) -> Sequence[Device]:
        kind = _kind(self._cluster)
        number = self._config.num_workers or _room(self._cluster)
        return [Device(kind, ())] * number

    def _new_child(self, device: Device) -> Child:
        # Asked for an actor without its head, Ray waits, and then ends us.
        self._health.wait()
        cluster = self._cluster
        chips = cluster.tpu_chips_per_worker
        actor = _ACTOR.options(
            num_cpus=cluster.cpus_per_worker,
            num_gpus=cluster.gpus_per_worker,
            resources={"TPU": chips} if chips else None,
            # The archive, not Ray, decides what runs again.
            max_restarts=0,
            max_task_retries=0,
        )
        threads = self._config.threads_per_worker
        return RemoteChild(
            actor.remote(device.kind, threads, self._put_pictures),
            self._messages,
        )


def _connect(cluster: ClusterConfig) -> None:
    if "://" in cluster.ray_address:
        # Ray's client does not say what becomes of the cluster behind it.
        raise HnasError(
            "Expected ray_address=auto or HOST:PORT, on a machine of the "
            f"cluster. Received: ray_address={cluster.ray_address}"
        )
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    quietly = {"log_to_driver": False, "logging_level": "ERROR"}
    try:
        if cluster.ray_address:
            ray.init(address=cluster.ray_address, **quietly)
        else:
            ray.init(
                address="local",
                num_cpus=len(os.sched_getaffinity(0)),
                include_dashboard=False,
                **quietly,
            )
            _require_loopback(ray.util.get_node_ip_address())
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise HnasError(
            "Expected a Ray cluster at ray_address="
            f"{cluster.ray_address or 'this machine'}. Received: {error}"
        ) from error


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


def _addresses() -> dict[str, Address]:
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


def _kind(cluster: ClusterConfig) -> str:
    if cluster.tpu_chips_per_worker:
        return TPU
    return GPU if cluster.gpus_per_worker else CPU


def _room(cluster: ClusterConfig) -> int:
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
