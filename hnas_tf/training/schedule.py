"""The learning rate over a training."""

import tensorflow as tf

from hnas_tf.config import TrainingConfig


def learning_rate(step: tf.Tensor, config: TrainingConfig) -> tf.Tensor:
    """Returns the learning rate of a step (from 0), a float32 scalar.

    It is divided by 10 after each of the shares `decay_fractions`; the paper's
    steps 4,000 and 4,500 of 5,000 are the shares 0.8 and 0.9.
    """
    boundaries = [
        round(share * config.num_steps) for share in config.decay_fractions
    ]
    passed = [tf.cast(step >= boundary, tf.float32) for boundary in boundaries]
    return config.learning_rate * 0.1 ** tf.add_n(passed or [0.0])
