"""What kind of device a strategy computes on."""

import tensorflow as tf


class StandIn(tf.distribute.OneDeviceStrategy):
    """A device to whoever asks, and in truth this machine's CPU.

    For programs that are lowered here and compiled for such a device, which
    need not be here. What a GPU is asked besides, whether it has bfloat16 say,
    this one cannot answer.

    Attributes:
        kind: `gpu` or `tpu`.
    """

    def __init__(self, kind: str) -> None:
        super().__init__("/cpu:0")
        self.kind = kind


def device_kind(strategy: tf.distribute.Strategy) -> str:
    """Returns `cpu`, `gpu` or `tpu`."""
    if isinstance(strategy, StandIn):
        return strategy.kind
    first = strategy.extended.worker_devices[0]
    return str(tf.DeviceSpec.from_string(first).device_type).lower()
