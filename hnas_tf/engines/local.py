"""The local engine: child processes on this machine."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from hnas_tf.config import SearchConfig, WorkersConfig
from hnas_tf.config.document import config_to_document
from hnas_tf.engines import devices, gpus
from hnas_tf.engines.child_process import Child, ChildProcess
from hnas_tf.engines.children import ChildrenEngine
from hnas_tf.engines.devices import Device
from hnas_tf.engines.environment import child_environment


def local_engine(
    config: SearchConfig, *, probe: str = "hnas_tf.training.probe:count"
) -> "LocalEngine":
    """Returns the engine of a search on whatever this machine has.

    Args:
        config: Of the search.
        probe: The import path of what counts the GPUs, called in a child.
    """
    workers = config.workers
    return LocalEngine(
        config.evaluator,
        config_to_document(config),
        find_devices=lambda: devices.find_devices(
            workers,
            config.devices,
            count_gpus=lambda: gpus.count_gpus(probe),
        ),
        workers=workers,
    )


class LocalEngine(ChildrenEngine):
    """Has every child on this machine."""

    def __init__(
        self,
        evaluator: str,
        config: dict[str, Any],
        *,
        find_devices: Callable[[], Sequence[Device]],
        workers: WorkersConfig,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Starts nothing yet; entering does.

        Args:
            evaluator: The import path `module:factory` of an
                `EvaluatorFactory`, resolved by each child.
            config: What the factory is given, JSON values.
            find_devices: Returns one device for every worker.
            workers: Timeouts and counts.
            clock: In seconds.
        """
        super().__init__(evaluator, config, workers=workers, clock=clock)
        self._find_devices = find_devices

    def _devices(self) -> Sequence[Device]:
        return self._find_devices()

    def _new_child(self, device: Device) -> Child:
        threads = self._config.threads_per_worker
        environment = child_environment(device, threads=threads)
        return ChildProcess(environment, self._messages)
