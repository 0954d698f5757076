"""What a network says of a whole split."""

import contextlib
from collections.abc import Callable, Iterator

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hnas_tf.data.preprocessing import normalize
from hnas_tf.errors import HnasError, first_line
from hnas_tf.training.data import Drawn, DrawnPictures, EvaluationData
from hnas_tf.training.replica import first, this_replica
from hnas_tf.training.strategy import compiled

# What is no fault of ours: a file is damaged or gone, memory is too small.
_OF_THE_WORLD = (
    tf.errors.DataLossError,
    tf.errors.NotFoundError,
    tf.errors.ResourceExhaustedError,
)

Logits = Callable[[], NDArray[np.float32]]
"""Returns the logits of a network, as it now is, for every picture."""


@contextlib.contextmanager
def pictures_and_memory(batch_size: int) -> Iterator[None]:
    """Says in a sentence that pictures cannot be read, or memory is too small.

    Raises:
        HnasError: if that is so.
    """
    try:
        yield
    except _OF_THE_WORLD as error:
        raise HnasError(
            "Expected pictures that can be read, and memory for a batch of "
            f"{batch_size}. Received: {first_line(error)}"
        ) from error


def inference_of(model: keras.Model) -> Callable[[tf.Tensor], tf.Tensor]:
    """Returns normalized images -> logits, of a network as it now is."""
    return lambda images: model(images, training=False)


def evaluation_step(
    infer: Callable[[tf.Tensor], tf.Tensor], data: DrawnPictures
) -> Callable[..., tf.Tensor]:
    """Returns what a replica does of a batch: what is drawn -> all logits."""

    def step(*drawn: tf.Tensor) -> tf.Tensor:
        replica = this_replica()
        images = normalize(data.images(drawn, replica), data.description)
        return replica.rows(infer(images))

    return step


def make_logits(
    infer: Callable[[tf.Tensor], tf.Tensor],
    data: EvaluationData,
    strategy: tf.distribute.Strategy,
) -> Logits:
    """Returns a function that gives the logits, [pictures, classes].

    Whole images are evaluated, without augmentation (Section 4.1), in batches
    of one size: what fills up the last one is cut off.

    Args:
        infer: normalized images -> logits.
        data: The split to evaluate on.
        strategy: Where the network lives.
    """
    step = compiled(evaluation_step(infer, data), strategy)

    @tf.function(autograph=False)
    def of_batch(drawn: Drawn) -> tf.Tensor:
        return first(strategy.run(step, drawn), strategy)

    def of_all() -> NDArray[np.float32]:
        parts = [of_batch(drawn) for drawn in data.batches()]
        logits: NDArray[np.float32] = np.concatenate(parts)
        return logits[: len(data.labels)]

    return of_all
