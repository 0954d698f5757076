"""How good a network is on a whole split."""

from collections.abc import Callable

import keras
import tensorflow as tf

from hnas_tf.data.preprocessing import normalize
from hnas_tf.training.device_data import DeviceData

Accuracy = Callable[[], float]
"""Returns the share of a split that a network, as it now is, has right."""


def make_accuracy(
    model: keras.Model,
    data: DeviceData,
    strategy: tf.distribute.Strategy,
    *,
    batch_size: int,
) -> Accuracy:
    """Returns a compiled function that gives the accuracy on all of `data`.

    Full images are evaluated, without augmentation (Section 4.1).

    Args:
        model: images -> logits.
        data: The split to evaluate on.
        strategy: Where the network lives.
        batch_size: Images at a time; a last batch is filled up with images
            that do not count.
    """
    num_examples = data.num_examples
    batch_size = min(batch_size, num_examples)

    def count_correct(start: tf.Tensor) -> tf.Tensor:
        positions = start + tf.range(batch_size)
        indices = tf.minimum(positions, num_examples - 1)
        images = normalize(tf.gather(data.images, indices), data.description)
        labels = tf.gather(data.labels, indices)
        logits = model(images, training=False)
        predicted = tf.argmax(logits, axis=1, output_type=tf.int32)
        correct = (predicted == labels) & (positions < num_examples)
        return tf.reduce_sum(tf.cast(correct, tf.int32))

    @tf.function(autograph=False)
    def count_all() -> tf.Tensor:
        return tf.foldl(
            lambda total, start: total + strategy.run(count_correct, (start,)),
            tf.range(0, num_examples, batch_size),
            initializer=0,
        )

    return lambda: int(count_all()) / num_examples
