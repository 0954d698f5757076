"""Where a training runs."""

import platform

import tensorflow as tf


def set_threads(num_threads: int) -> None:
    """Sets how many CPU threads TensorFlow uses, inside and across operations.

    Equal numbers give equal trainings, bit for bit.

    Raises:
        RuntimeError: if TensorFlow computed something before.
    """
    tf.config.threading.set_intra_op_parallelism_threads(num_threads)
    tf.config.threading.set_inter_op_parallelism_threads(num_threads)


def device_kind() -> str:
    """Returns `gpu` where TensorFlow sees one, else `cpu`."""
    return "gpu" if tf.config.list_physical_devices("GPU") else "cpu"


def device_name() -> str:
    """Returns what the maker calls the device, as far as TensorFlow tells."""
    for gpu in tf.config.list_physical_devices("GPU"):
        details = tf.config.experimental.get_device_details(gpu)
        return str(details.get("device_name", gpu.name))
    return platform.processor() or platform.machine()


def make_strategy() -> tf.distribute.Strategy:
    """Returns the strategy of one device: a child is given no more."""
    return tf.distribute.OneDeviceStrategy(f"/{device_kind()}:0")
