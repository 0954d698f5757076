"""What a search can compute on, without importing TensorFlow."""

import glob
import importlib.util
import json
import os
import subprocess
import sys
from typing import NamedTuple

from hnas_tf.errors import HnasError

# Without one of these files there is no accelerator, and a probe that imports
# TensorFlow for some seconds can be spared. The last is of WSL.
_ACCELERATOR_FILES = ("/dev/nvidia[0-9]*", "/dev/accel*", "/dev/dxg")


TENSORFLOW_ENVIRONMENT = {
    "KERAS_BACKEND": "tensorflow",
    # Off by default on some CPUs, where it more than doubles the speed.
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}
"""What TensorFlow and Keras read when they are loaded."""


PROBE_SECONDS = 900.0


class Device(NamedTuple):
    """A device that one child is given: `cpu` or `gpu`, and which."""

    kind: str
    number: int


def find_devices(probe: str, *, num_workers: int | None) -> list[Device]:
    """Returns the device of every worker.

    One worker per accelerator; on a CPU one per core that the process may
    use. `num_workers`, where given, shares the accelerators out in turn.

    Args:
        probe: The module that a child runs to count the accelerators.
        num_workers: How many workers are wanted.
    """
    num_gpus = count_gpus(probe)
    if not num_gpus:
        cores = len(os.sched_getaffinity(0))
        return [Device("cpu", index) for index in range(num_workers or cores)]
    return [
        Device("gpu", index % num_gpus)
        for index in range(num_workers or num_gpus)
    ]


def count_gpus(probe: str) -> int:
    """Returns how many GPUs a child sees, which then exits.

    Raises:
        HnasError: if the child cannot tell.
    """
    if not any(map(glob.glob, _ACCELERATOR_FILES)):
        return 0
    if importlib.util.find_spec("tensorflow") is None:
        return 0  # Another evaluator may do without.
    result = subprocess.run(
        [sys.executable, "-m", probe],
        capture_output=True,
        text=True,
        env=os.environ | TENSORFLOW_ENVIRONMENT,
        check=False,
        timeout=PROBE_SECONDS,
    )
    try:
        return int(json.loads(result.stdout)["gpu"])
    except (ValueError, KeyError, TypeError) as error:
        raise HnasError(
            "Expected TensorFlow to tell how many GPUs there are. Received: "
            f"{result.stderr.strip()[-500:] or error!r}"
        ) from error


def environment(device: Device, *, threads: int) -> dict[str, str]:
    """Returns the environment of a child that owns a device alone."""
    threading = {"OMP_NUM_THREADS": str(threads)}
    return {
        **os.environ,
        **TENSORFLOW_ENVIRONMENT,
        **threading,
        **_visible(device),
    }


def _visible(device: Device) -> dict[str, str]:
    if device.kind == "cpu":
        return {"CUDA_VISIBLE_DEVICES": "-1"}
    # What the user lets us see, by name or number, is shared out.
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    names = visible.split(",") if visible else None
    name = names[device.number] if names else str(device.number)
    # Several children may share a GPU: none may take all of its memory.
    return {"CUDA_VISIBLE_DEVICES": name, "TF_FORCE_GPU_ALLOW_GROWTH": "true"}
