"""Pictures that live on the device."""

from collections.abc import Iterator

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hnas_tf.data import Description
from hnas_tf.data.order import shuffled_indices
from hnas_tf.data.pictures import Examples
from hnas_tf.networks.devices import device_kind
from hnas_tf.training.data import Drawn
from hnas_tf.training.replica import Replica

_Copies = list[tf.Tensor | tf.Variable]


class ResidentData:
    """The pictures of a split on every device, to train or evaluate on.

    Only the places of a batch's pictures are drawn outside of the replicas.

    Attributes:
        description: Of the dataset.
        labels: int32 [examples].
        num_examples: How many there are.
    """

    def __init__(
        self,
        examples: Examples,
        description: Description,
        strategy: tf.distribute.Strategy,
        *,
        batch_size: int,
    ) -> None:
        """Brings the pictures to the devices.

        Args:
            examples: Pictures and labels.
            description: Of the dataset.
            strategy: Where they are to be.
            batch_size: Pictures of a batch, over all replicas.
        """
        self.description = description
        self.labels: NDArray[np.int32] = examples.labels
        self.num_examples = len(examples.labels)
        self._batch_size = batch_size
        # In rows, since a TPU else brings all pictures into another order
        # before it takes those of a batch, in every step.
        self._shape = examples.images.shape[1:]
        rows = examples.images.reshape(self.num_examples, -1)
        self._images = _on_devices(rows, strategy)
        self._labels = _on_devices(examples.labels, strategy)

    def start(self, seed: tuple[int, int], step: int) -> None:
        """Does nothing: the order follows from seed and step alone."""

    def draw(self, source: None, step: tf.Tensor, seed: tf.Tensor) -> Drawn:
        """Returns the places of a step's pictures, int64 [batch]."""
        del source
        positions = step * self._batch_size + tf.range(
            self._batch_size, dtype=tf.int64
        )
        return (
            shuffled_indices(positions, seed, num_examples=self.num_examples),
        )

    def batch(
        self, drawn: Drawn, replica: Replica
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns a replica's images and labels."""
        places = replica.part(drawn[0])
        labels = tf.gather(_own(self._labels, replica), places)
        return self.images(drawn, replica), labels

    def batches(self) -> Iterator[Drawn]:
        """Yields the places of all pictures; the last again to fill up."""
        for start in range(0, self.num_examples, self._batch_size):
            places = np.arange(start, start + self._batch_size)
            yield (tf.constant(np.minimum(places, self.num_examples - 1)),)

    def images(self, drawn: Drawn, replica: Replica) -> tf.Tensor:
        """Returns a replica's images."""
        rows = tf.gather(_own(self._images, replica), replica.part(drawn[0]))
        return tf.reshape(rows, [-1, *self._shape])

    def at(self, positions: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Returns the pictures at positions."""
        rows: NDArray[np.uint8] = tf.gather(self._images[0], positions).numpy()
        return rows.reshape(-1, *self._shape)


def _on_devices(
    array: NDArray[np.generic], strategy: tf.distribute.Strategy
) -> _Copies:
    """Returns an array on every device of this process.

    On a CPU an array that is a mapped file stays one, which processes share.
    """
    kind = device_kind(strategy)
    if kind == "cpu" and isinstance(array, np.memmap):
        return [tf.experimental.dlpack.from_dlpack(array.__dlpack__())]
    with strategy.scope():
        if strategy.num_replicas_in_sync == 1:
            return [tf.constant(array)]
        if kind == "tpu":
            # Its replicas are traced as one, so that none can choose a copy.
            return [tf.Variable(array, trainable=False)]
    # No variables: processes that train together would send them around.
    copies = []
    for device in strategy.extended.worker_devices:
        with tf.device(device):
            copies.append(tf.constant(array))
    return copies


def _own(copies: _Copies, replica: Replica) -> tf.Tensor | tf.Variable:
    """Returns the copy on the device of a replica."""
    if len(copies) == 1:
        return copies[0]
    return copies[tf.get_static_value(replica.number) % len(copies)]
