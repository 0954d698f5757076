"""What kind of device a strategy computes on."""

import tensorflow as tf


class TpuStandIn(tf.distribute.OneDeviceStrategy):
    """A core of a TPU to whoever asks, and in truth this machine's CPU.

    For programs that are compiled for a TPU, and not run.
    """

    def __init__(self) -> None:
        super().__init__("/cpu:0")


def device_kind(strategy: tf.distribute.Strategy) -> str:
    """Returns `cpu`, `gpu` or `tpu`."""
    if isinstance(strategy, TpuStandIn):
        return "tpu"
    first = strategy.extended.worker_devices[0]
    return str(tf.DeviceSpec.from_string(first).device_type).lower()
