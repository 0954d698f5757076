"""What kind of device a strategy computes on."""

import tensorflow as tf


def device_kind(strategy: tf.distribute.Strategy) -> str:
    """Returns `cpu`, `gpu` or `tpu`."""
    first = strategy.extended.worker_devices[0]
    return str(tf.DeviceSpec.from_string(first).device_type).lower()
