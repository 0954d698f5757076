"""Labelled pictures, and the ways to go through them.

A picture is reached by its *key* (a position, a record of a file), and read as
a *record*: its encoded bytes, or uint8 [height, width, channels].
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hnas_tf.data.order import shuffled_indices

_ENDLESS = np.iinfo(np.int64).max


class Examples(NamedTuple):
    """Decoded pictures, and their labels.

    Attributes:
        images: uint8 [examples, height, width, channels].
        labels: int32 [examples].
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int32]


class Pictures(Protocol):
    """Pictures of one split, or of several, one after another."""

    @property
    def labels(self) -> NDArray[np.int32]:
        """int32 [pictures]."""

    @property
    def names(self) -> Sequence[str]:
        """What a person calls them."""

    def select(self, positions: NDArray[np.int64]) -> "Pictures":
        """Returns the pictures at positions, which rise."""

    def joined(self, other: "Pictures") -> "Pictures":
        """Returns these pictures and those of the same kind after them."""

    def in_order(self) -> tf.data.Dataset:
        """Returns the keys of all pictures, in order, once."""

    def shuffled(self, seed: tuple[int, int], *, start: int) -> tf.data.Dataset:
        """Returns keys without end, each picture once an epoch.

        Args:
            seed: Equal seeds give equal orders.
            start: How many keys of the endless row to leave out.
        """

    def read(self, key: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns the record of a picture and its label, int32 []."""


@dataclass(frozen=True)
class Source:
    """A dataset as it lies there.

    Attributes:
        class_names: The names of the labels 0, 1, ...
        image_channels: 1 for grey, 3 for colour.
        image_size: Height and width where all pictures have the same.
        found: The pictures of the splits that there are; there is a `train`,
            unless the source was opened without need of one.
        key: Changes when what lies there changes; cheaper than reading all.
    """

    class_names: tuple[str, ...]
    image_channels: int
    image_size: tuple[int, int] | None
    found: Mapping[str, Pictures]
    key: str


@dataclass(frozen=True)
class IndexedPictures:
    """Pictures that can be read in any order; a key is a position.

    Attributes:
        labels: int32 [pictures].
        names: What a person calls them.
        contents: What is indexed: uint8 images, or paths.
        read_record: What is indexed there -> record.
    """

    labels: NDArray[np.int32]
    names: Sequence[str]
    contents: NDArray[np.generic]
    read_record: Callable[[tf.Tensor], tf.Tensor]

    def select(self, positions: NDArray[np.int64]) -> "IndexedPictures":
        """Returns the pictures at positions."""
        return IndexedPictures(
            self.labels[positions],
            [self.names[position] for position in positions],
            self.contents[positions],
            self.read_record,
        )

    def joined(self, other: Pictures) -> "IndexedPictures":
        """Returns these pictures and the others after them."""
        if not isinstance(other, IndexedPictures):
            raise TypeError(f"Expected pictures like these. Received: {other}")
        return IndexedPictures(
            np.concatenate([self.labels, other.labels]),
            [*self.names, *other.names],
            np.concatenate([self.contents, other.contents]),
            self.read_record,
        )

    def in_order(self) -> tf.data.Dataset:
        """Returns the positions 0, 1, ..."""
        return tf.data.Dataset.range(len(self.labels))

    def shuffled(self, seed: tuple[int, int], *, start: int) -> tf.data.Dataset:
        """Returns positions without end, shuffled anew in every epoch."""

        @tf.autograph.experimental.do_not_convert
        def index_at(position: tf.Tensor) -> tf.Tensor:
            return shuffled_indices(
                position[tf.newaxis],
                tf.constant(seed, tf.int64),
                num_examples=len(self.labels),
            )[0]

        return tf.data.Dataset.range(start, _ENDLESS).map(index_at)

    def read(self, key: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns the record at a position, and its label."""
        # Else all would be part of a graph, which holds 2 GB at most.
        with tf.init_scope(), tf.device("CPU:0"):
            contents = tf.constant(self.contents)
        content = tf.gather(contents, key)
        return self.read_record(content), tf.gather(self.labels, key)
