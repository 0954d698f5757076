"""An operation that a TPU lacks is told with the edge that it came from."""

import keras
import tensorflow as tf

from hnas_tf.networks import operations
from hnas_tf.tpu.judge import verdict
from hnas_tf.tpu.verdict import NOT_LOWERED, Refused
from tests.tpu.programs import JOB
from tests.xla import requires_xla


class ThroughText(keras.layers.Layer):
    """Writes numbers down and reads them, which no accelerator can."""

    def call(self, inputs):
        read = tf.strings.to_number(tf.strings.as_string(inputs))
        return tf.ensure_shape(tf.cast(read, inputs.dtype), inputs.shape)


@requires_xla
def test_the_edge_is_named(monkeypatch):
    monkeypatch.setitem(
        operations.BUILDERS,
        "max_pool_3x3",
        lambda operation, inputs, common: [
            ThroughText(name=operation.name, dtype=common.dtype)(*inputs)
        ],
    )
    found = verdict(JOB)
    assert isinstance(found, Refused)
    assert found.reason == NOT_LOWERED
    assert "AsString" in found.detail
    (layer,) = found.layers
    assert layer.startswith("group1.cell1.edge_")
    assert "max_pool_3x3" in layer
