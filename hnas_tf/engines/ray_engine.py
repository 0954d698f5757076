"""The Ray engine: children of actors, on one machine or many.

Imports Ray, hence NumPy, and is imported where Ray is asked for alone.
"""

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import ray
from ray.exceptions import RayError

from hnas_tf.config import (
    LOCAL_TPU,
    ClusterConfig,
    SearchConfig,
    WorkersConfig,
)
from hnas_tf.config.document import config_to_document
from hnas_tf.engines import ray_cluster
from hnas_tf.engines.child_process import Child
from hnas_tf.engines.children import ChildrenEngine
from hnas_tf.engines.devices import CPU, GPU, TPU, Device
from hnas_tf.engines.ray_child import RemoteChild
from hnas_tf.engines.ray_health import LOOK_SECONDS, RayHealth
from hnas_tf.engines.ray_supervisor import Supervisor
from hnas_tf.errors import HnasError, require
from hnas_tf.events import Event

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
        ray_cluster.connect(self._cluster)
        try:
            self._health = RayHealth(ray_cluster.addresses(), self._clock)
            if self._pictures is not None:
                self._put_pictures = _put(self._pictures)
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
        number = self._config.num_workers or ray_cluster.room(self._cluster)
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


def _put(pictures: Path) -> Any:
    """Has Ray keep the files of a folder; returns what stands for them.

    Raises:
        HnasError: if it cannot.
    """
    files = {f.name: f.read_bytes() for f in sorted(pictures.iterdir())}
    try:
        return ray.put(files)
    except RayError as error:
        size = sum(map(len, files.values()))
        raise HnasError(
            f"Expected Ray to keep the {size:,} bytes of the pictures. "
            f"Received: {error}"
        ) from error


def _kind(cluster: ClusterConfig) -> str:
    if cluster.tpu_chips_per_worker:
        return TPU
    return GPU if cluster.gpus_per_worker else CPU
