"""What a search can compute on, without importing TensorFlow."""

import glob
import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

from hnas_tf.config import LOCAL_TPU, DevicesConfig, WorkersConfig
from hnas_tf.errors import HnasError

CPU, GPU, TPU = "cpu", "gpu", "tpu"

# Of the older generations, and of v5e and later.
_TPU_FILES = ("/dev/accel[0-9]*", "/dev/vfio/[0-9]*")
CHIP_NUMBERS = (1, 2, 4, 8)

CountGpus = Callable[[], int]


class Device(NamedTuple):
    """What one child is given.

    Attributes:
        kind: `cpu`, `gpu` or `tpu`.
        numbers: Which GPUs or chips; none of a TPU that is named: all of it.
    """

    kind: str
    numbers: tuple[int, ...]


def find_devices(
    workers: WorkersConfig, devices: DevicesConfig, *, count_gpus: CountGpus
) -> list[Device]:
    """Returns the device of every worker.

    One worker per accelerator, or per `devices_per_candidate` of them; on a
    GPU also several; on a CPU one per core that the process may use.
    `num_workers`, where given, shares the accelerators out in turn.

    Raises:
        HnasError: if there is no TPU where one is asked for, or not as many
            devices as a candidate needs.
    """
    if devices.tpu and devices.tpu != LOCAL_TPU:
        if workers.num_workers not in (None, 1):
            raise HnasError(
                "Expected one worker for a TPU that is named, whose chips all "
                f"train one candidate. Received: {workers.num_workers}"
            )
        return [Device(TPU, ())]
    if devices.tpu:
        return _shared_out(TPU, count_chips(), workers)
    num_gpus = count_gpus()
    if num_gpus:
        return _shared_out(GPU, num_gpus, workers)
    if workers.devices_per_candidate > 1:
        raise _too_few(GPU, 0, workers)
    cores = len(os.sched_getaffinity(0))
    return [Device(CPU, (n,)) for n in range(workers.num_workers or cores)]


def count_chips() -> int:
    """Returns how many TPU chips this machine has.

    Raises:
        HnasError: if there is none.
    """
    chips = present(_TPU_FILES)
    if not chips:
        raise HnasError(
            "Expected the chips of a TPU VM, for --tpu=local. Received: none "
            f"of {', '.join(_TPU_FILES)}; tpu/README.md says how to get one"
        )
    return len(chips)


def present(patterns: Sequence[str]) -> list[str]:
    """Returns the files of this machine that have such a path."""
    found = map(glob.glob, patterns)
    return [path for paths in found for path in paths]


def _shared_out(kind: str, number: int, workers: WorkersConfig) -> list[Device]:
    """Returns groups of devices, each as often as workers share it."""
    size = workers.devices_per_candidate
    if kind == TPU and workers.workers_per_device > 1:
        raise HnasError(
            "Expected one worker on a TPU chip. Received: "
            f"workers_per_device={workers.workers_per_device}"
        )
    if size > number or (kind == TPU and size not in CHIP_NUMBERS):
        raise _too_few(kind, number, workers)
    groups = [
        Device(kind, tuple(range(first, first + size)))
        for first in range(0, number - size + 1, size)
    ]
    most = len(groups) * workers.workers_per_device
    wanted = workers.num_workers or most
    if kind == TPU and wanted > most:
        raise HnasError(
            f"Expected at most {most} workers, one on a TPU chip. Received: "
            f"num_workers={wanted}"
        )
    return [groups[n % len(groups)] for n in range(wanted)]


def _too_few(kind: str, number: int, workers: WorkersConfig) -> HnasError:
    sizes = "1, 2, 4 or 8" if kind == TPU else "1 or more"
    return HnasError(
        f"Expected {sizes} of {number} {kind.upper()}s for a candidate. "
        f"Received: devices_per_candidate={workers.devices_per_candidate}"
    )
