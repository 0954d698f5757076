"""What a result was made with."""

import importlib.metadata
import platform

import keras
import numpy as np
import tensorflow as tf


def versions() -> dict[str, str]:
    """Returns the versions of all that decides a training."""
    return {
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "hnas_tf": importlib.metadata.version("hnas_tf"),
    }
