"""How many GPUs there are: a child asks TensorFlow, and exits."""

import importlib.util

from hnas_tf.engines.devices import present
from hnas_tf.engines.errand import run_errand
from hnas_tf.engines.worker import START_SECONDS

# Without one of these files there is no GPU, and a child that imports
# TensorFlow for some seconds can be spared. The last is of WSL.
_GPU_FILES = ("/dev/nvidia[0-9]*", "/dev/dxg")


def count_gpus(probe: str) -> int:
    """Returns how many GPUs a child sees.

    Args:
        probe: The import path `module:function` of what counts them.

    Raises:
        HnasError: if the child cannot tell.
    """
    # Another evaluator may do without TensorFlow.
    has_tensorflow = importlib.util.find_spec("tensorflow") is not None
    if not has_tensorflow or not present(_GPU_FILES):
        return 0
    found = run_errand(probe, {}, timeout_seconds=START_SECONDS)
    return int(found["gpu"])
