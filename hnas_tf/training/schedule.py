"""What happens when in a training: its learning rate, and its points."""

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


def evenly_apart(num_steps: int, number: int) -> set[int]:
    """Returns so many steps of a training, the last among them.

    >>> sorted(evenly_apart(10, 4))
    [3, 5, 8, 10]
    """
    return {-(-num_steps * n // number) for n in range(1, number + 1)}
