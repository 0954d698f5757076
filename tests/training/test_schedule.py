"""The learning rate over a training."""

import pytest
import tensorflow as tf

from hnas_tf.config import TrainingConfig
from hnas_tf.training.schedule import learning_rate

PAPER = TrainingConfig()
FINAL = TrainingConfig(
    num_steps=80_000, decay_fractions=(0.5, 0.75, 0.875), learning_rate=0.2
)
SHORT = TrainingConfig(num_steps=10, decay_fractions=(0.5, 0.94))
CONSTANT = TrainingConfig(num_steps=10, decay_fractions=())


@pytest.mark.parametrize(
    ("config", "step", "expected"),
    [
        (PAPER, 0, 0.1),
        (PAPER, 3_999, 0.1),
        (PAPER, 4_000, 0.01),
        (PAPER, 4_499, 0.01),
        (PAPER, 4_500, 0.001),
        (PAPER, 4_999, 0.001),
        (FINAL, 39_999, 0.2),
        (FINAL, 40_000, 0.02),
        (FINAL, 59_999, 0.02),
        (FINAL, 60_000, 0.002),
        (FINAL, 69_999, 0.002),
        (FINAL, 70_000, 0.0002),
        (SHORT, 4, 0.1),
        (SHORT, 5, 0.01),
        (SHORT, 8, 0.01),
        (SHORT, 9, 0.001),
        (CONSTANT, 0, 0.1),
        (CONSTANT, 9, 0.1),
    ],
)
@pytest.mark.parametrize("compiled", [False, True])
def test_it_is_divided_by_10_after_each_share(config, step, expected, compiled):
    rate = tf.function(learning_rate) if compiled else learning_rate
    found = rate(tf.constant(step, tf.int64), config)
    assert found.dtype == tf.float32
    assert float(found) == pytest.approx(expected, rel=1e-6)
