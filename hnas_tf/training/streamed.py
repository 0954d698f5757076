"""Pictures that are decoded while the network trains."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hnas_tf.config import TrainingConfig
from hnas_tf.data import Description, decoding
from hnas_tf.data.pictures import Pictures
from hnas_tf.training.data import Drawn
from hnas_tf.training.replica import Replica

Decode = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
"""A record and a seed, int32 [2], -> uint8 [height, width, channels]."""

_NO_SEED = (0, 0)


class HandedOver:
    """What is drawn are the pictures themselves, each replica's own."""

    def batch(
        self, drawn: Drawn, replica: Replica
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns a replica's images and labels."""
        del replica
        images, labels = drawn
        return images, labels

    def images(self, drawn: Drawn, replica: Replica) -> tf.Tensor:
        """Returns a replica's images."""
        del replica
        return drawn[0]


class StreamedData(HandedOver):
    """Pictures of a split that tf.data reads and decodes, in parallel.

    Attributes:
        description: Of the dataset.
    """

    def __init__(
        self,
        pictures: Pictures,
        description: Description,
        config: TrainingConfig,
        strategy: tf.distribute.Strategy,
    ) -> None:
        """Reads nothing yet."""
        self.description = description
        self._pictures = pictures
        self._config = config
        self._strategy = strategy

    @property
    def labels(self) -> NDArray[np.int32]:
        """int32 [pictures]."""
        return self._pictures.labels

    def start(self, seed: tuple[int, int], step: int) -> Any:
        """Returns an iterator over the batches from a step on."""
        start = step * self._config.batch_size
        keys = self._pictures.shuffled(seed, start=start).enumerate(start)
        decode = training_decoder(self.description, self._config)
        return iter(self._distributed(keys, decode, seed))

    def draw(self, source: Any, step: tf.Tensor, seed: tf.Tensor) -> Drawn:
        """Returns the next batch, one part per replica."""
        del step, seed  # The iterator began with them.
        return tuple(source.get_next())

    def batches(self) -> Iterator[Drawn]:
        """Yields all pictures in order; the first again to fill up."""
        keys = self._pictures.in_order()
        missing = -len(self._pictures.names) % self._config.batch_size
        keys = keys.concatenate(keys.take(1).repeat(missing)).enumerate()
        decode = evaluation_decoder(self.description, self._config)
        for images, _ in self._distributed(keys, decode, _NO_SEED):
            yield (images,)

    def at(self, positions: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Returns the pictures at positions, which rise; here alone."""
        some = self._pictures.select(positions)
        decode = evaluation_decoder(self.description, self._config)

        @tf.autograph.experimental.do_not_convert
        def read(key: tf.Tensor) -> tf.Tensor:
            return decode(some.read(key)[0], tf.constant(_NO_SEED))

        images = some.in_order().map(read).as_numpy_iterator()
        return np.stack(list(images))

    def _distributed(
        self, keys: tf.data.Dataset, decode: Decode, seed: tuple[int, int]
    ) -> Any:
        def pipeline(context: tf.distribute.InputContext) -> tf.data.Dataset:
            return decoded_batches(
                keys,
                self._pictures,
                decode,
                seed,
                batch_size=self._config.batch_size,
                context=context,
            )

        return self._strategy.distribute_datasets_from_function(pipeline)


def decoded_batches(
    keys: tf.data.Dataset,
    pictures: Pictures,
    decode: Decode,
    seed: tuple[int, int],
    *,
    batch_size: int,
    context: tf.distribute.InputContext,
) -> tf.data.Dataset:
    """Returns batches for the replicas that one process feeds.

    Each process takes its rows of every batch before anything is decoded.

    Args:
        keys: Pairs of a position, int64, and a key of `pictures`.
        pictures: To read.
        decode: Of a record.
        seed: Of what is random in that, together with the position.
        batch_size: Over all replicas.
        context: Which process this is, and how many replicas there are.
    """
    size = context.get_per_replica_batch_size(batch_size)
    share = batch_size // context.num_input_pipelines
    first = share * context.input_pipeline_id

    @tf.autograph.experimental.do_not_convert
    def own_rows(*batch: tf.Tensor) -> Any:
        return tf.nest.map_structure(lambda rows: rows[first:][:share], batch)

    @tf.autograph.experimental.do_not_convert
    def read(position: tf.Tensor, key: tf.Tensor) -> tuple[tf.Tensor, ...]:
        record, label = pictures.read(key)
        own = tf.random.experimental.stateless_fold_in(seed, position)
        return decode(record, own), label

    if context.num_input_pipelines > 1:
        keys = keys.batch(batch_size, drop_remainder=True).map(own_rows)
        keys = keys.unbatch()
    return (
        keys.map(read, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
        .batch(size, drop_remainder=True)
        .prefetch(tf.data.AUTOTUNE)
    )


def training_decoder(
    description: Description, config: TrainingConfig
) -> Decode:
    """Returns what a training sees of a picture, before the step itself."""
    channels = description.image_channels
    if config.augmentation == "crop":
        return lambda record, seed: decoding.whole(
            record, size=description.image_size, channels=channels
        )
    return lambda record, seed: decoding.resized_crop(
        record,
        seed,
        size=(config.crop_size, config.crop_size),
        channels=channels,
        min_area_fraction=config.min_area_fraction,
    )


def evaluation_decoder(
    description: Description, config: TrainingConfig
) -> Decode:
    """Returns what an evaluation sees of a picture: one crop of it."""
    view = decoding.whole if config.augmentation == "crop" else decoding.central
    return lambda record, seed: view(
        record,
        size=description.image_size,
        channels=description.image_channels,
    )
