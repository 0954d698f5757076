"""What the environment of a child says: its device, its threads."""

import importlib.util
import os
from pathlib import Path

from hnas_tf.config import LOCAL_TPU
from hnas_tf.engines.devices import CPU, GPU, TPU, Device

TENSORFLOW_ENVIRONMENT = {
    "KERAS_BACKEND": "tensorflow",
    # Off by default on some CPUs, where it more than doubles the speed.
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}
"""What TensorFlow and Keras read when they are loaded."""

# Without a TPU, TensorFlow's build for TPUs waits minutes for its metadata.
_NO_TPU = {"TPU_SKIP_MDS_QUERY": "1"}

_NO_ACCELERATOR = {"CUDA_VISIBLE_DEVICES": "-1", **_NO_TPU}

# How the chips of one process lie. The only numbers that a host can give.
CHIP_BOUNDS = {1: "1,1,1", 2: "1,2,1", 4: "2,2,1", 8: "2,4,1"}


def child_environment(device: Device, *, threads: int) -> dict[str, str]:
    """Returns the environment of a child that owns a device."""
    return {
        **os.environ,
        **TENSORFLOW_ENVIRONMENT,
        "OMP_NUM_THREADS": str(threads),
        **_VISIBLE[device.kind](device),
    }


def training_environment(tpu: str) -> dict[str, str]:
    """Returns what a program that trains by itself adds to its environment."""
    if not tpu:
        return {**TENSORFLOW_ENVIRONMENT, **_NO_TPU}
    # A TPU that is named is reached by its address.
    here = tpu_environment() if tpu == LOCAL_TPU else {}
    return {**TENSORFLOW_ENVIRONMENT, **here}


def cpu_environment() -> dict[str, str]:
    """Returns what a program that leaves accelerators alone adds to its own."""
    return {**TENSORFLOW_ENVIRONMENT, **_NO_ACCELERATOR}


def tpu_environment() -> dict[str, str]:
    """Returns what TensorFlow's build for TPUs reads on a TPU VM.

    Of a public recipe for TensorFlow 2.20 on one v6e chip.
    """
    environment = {
        "TPU_NAME": "local",
        "PJRT_DEVICE": "TPU",
        "NEXT_PLUGGABLE_DEVICE_USE_C_API": "true",
        "TF_XLA_FLAGS": "--tf_mlir_enable_mlir_bridge=true",
    }
    spec = importlib.util.find_spec("libtpu")
    for folder in (spec and spec.submodule_search_locations) or ():
        library = str(Path(folder) / "libtpu.so")
        environment["TF_PLUGGABLE_DEVICE_LIBRARY_PATH"] = library
    # What the user has set, the user knows better.
    return {n: os.environ.get(n, value) for n, value in environment.items()}


def _see_no_accelerator(device: Device) -> dict[str, str]:
    del device
    return _NO_ACCELERATOR


def _see_gpus(device: Device) -> dict[str, str]:
    # What the user lets us see, by name or number, is shared out.
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    names = visible.replace(" ", "").split(",") if visible else None
    chosen = [names[n] if names else str(n) for n in device.numbers]
    # Several children may share a GPU: none may take all of its memory.
    return {
        "CUDA_VISIBLE_DEVICES": ",".join(chosen),
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        **_NO_TPU,
    }


def _see_chips(device: Device) -> dict[str, str]:
    """Returns the chips of a child; one that drives a named TPU sees all."""
    if not device.numbers:
        return {"CUDA_VISIBLE_DEVICES": "-1"}
    return {
        **tpu_environment(),
        "CUDA_VISIBLE_DEVICES": "-1",
        "TPU_VISIBLE_CHIPS": ",".join(map(str, device.numbers)),
        "TPU_CHIPS_PER_PROCESS_BOUNDS": CHIP_BOUNDS[len(device.numbers)],
        "TPU_PROCESS_BOUNDS": "1,1,1",
    }


_VISIBLE = {CPU: _see_no_accelerator, GPU: _see_gpus, TPU: _see_chips}
