"""Pictures in files of records; a key is a record, a serialized tf.Example.

Such files can be read only from their beginning, perhaps from far away, so
that an order is one of files, read 16 at a time, and of a buffer.
"""

import functools
from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hnas_tf.data.order import shuffled_indices
from hnas_tf.data.pictures import Pictures
from hnas_tf.data.record_files import Names, Shard, bases_of
from hnas_tf.errors import InvalidError

Parse = Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]]
ReadLabels = Callable[[], NDArray[np.int32]]
_ReadFile = Callable[[tf.Tensor, tf.Tensor], tf.data.Dataset]

_ENDLESS = np.iinfo(np.int64).max
_FILES_AT_ONCE = 16
_BUFFER = 10_000


class RecordPictures:
    """Pictures in files of records, of which some may be left out.

    Attributes:
        names: What a person calls them: `split:position`.
    """

    names: Sequence[str]

    def __init__(
        self,
        shards: tuple[Shard, ...],
        parse: Parse,
        read_labels: ReadLabels,
        kept: NDArray[np.bool_],
    ) -> None:
        """Takes what `open_records` has found.

        Args:
            shards: The files, one after another.
            parse: Record -> encoded bytes, and label, int32 [].
            read_labels: Returns the label of every record, int32 [records].
            kept: bool [records]; whether a record is one of the pictures.
        """
        self._shards = shards
        self._parse = parse
        self._read_labels = read_labels
        self._kept = kept
        self.names = Names(shards, np.flatnonzero(kept))

    @property
    def labels(self) -> NDArray[np.int32]:
        """int32 [pictures]; all records are read for them, once.

        Raises:
            InvalidError: if a file has not as many records as it should, or
                a picture has no label.
        """
        labels: NDArray[np.int32] = self._read_labels()[self._kept]
        for position in np.flatnonzero(labels < 0).tolist():
            raise InvalidError(
                f"Expected labels of at least 0. Received: {labels[position]} "
                f"of picture {self.names[position]}"
            )
        return labels

    def select(self, positions: NDArray[np.int64]) -> "RecordPictures":
        """Returns the pictures at positions, which rise.

        Raises:
            ValueError: if they do not.
        """
        if np.any(np.diff(positions) <= 0):
            raise ValueError(f"Expected rising positions, not {positions}")
        kept = np.zeros_like(self._kept)
        kept[np.flatnonzero(self._kept)[positions]] = True
        return RecordPictures(
            self._shards, self._parse, self._read_labels, kept
        )

    def joined(self, other: Pictures) -> "RecordPictures":
        """Returns these pictures, and those of the same dataset after them."""
        if not isinstance(other, RecordPictures):
            raise TypeError(f"Expected pictures like these. Received: {other}")
        mine, theirs = self._read_labels, other._read_labels
        return RecordPictures(
            self._shards + other._shards,
            self._parse,
            lambda: np.concatenate([mine(), theirs()]),
            np.concatenate([self._kept, other._kept]),
        )

    def in_order(self) -> tf.data.Dataset:
        """Returns all records, file after file."""
        return tf.data.Dataset.from_tensor_slices(self._files()).flat_map(
            self._reader()
        )

    def shuffled(self, seed: tuple[int, int], *, start: int) -> tf.data.Dataset:
        """Returns records without end, shuffled anew in every epoch."""
        first_epoch, done = divmod(start, len(self.names))
        paths, bases = self._files()
        read_file = self._reader()

        @tf.autograph.experimental.do_not_convert
        def records_of(epoch: tf.Tensor) -> tf.data.Dataset:
            order = _permutation(len(paths), seed, epoch)
            files = (tf.gather(paths, order), tf.gather(bases, order))
            records = tf.data.Dataset.from_tensor_slices(files).interleave(
                read_file,
                cycle_length=min(_FILES_AT_ONCE, len(paths)),
                num_parallel_calls=tf.data.AUTOTUNE,
                deterministic=True,
            )
            return _shuffle(records, len(self.names), seed, epoch)

        epochs = tf.data.Dataset.range(first_epoch, _ENDLESS)
        return epochs.flat_map(records_of).skip(done)

    @tf.autograph.experimental.do_not_convert
    def read(self, key: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns the encoded bytes in a record, and its label."""
        return self._parse(key)

    def _files(self) -> tuple[NDArray[np.str_], NDArray[np.int64]]:
        paths = np.array([shard.path for shard in self._shards], str)
        return paths, bases_of(self._shards)

    def _reader(self) -> _ReadFile:
        """Returns what goes from a file, and its base, to its pictures."""
        # Captured, not copied into every graph; where datasets run.
        with tf.device("CPU:0"):
            kept = tf.constant(self._kept)

        @tf.autograph.experimental.do_not_convert
        def read_file(path: tf.Tensor, base: tf.Tensor) -> tf.data.Dataset:
            records = tf.data.TFRecordDataset(path).enumerate(base)
            records = records.filter(
                lambda position, record: tf.gather(kept, position)
            )
            return records.map(lambda position, record: record)

        reader: _ReadFile = read_file
        return reader


def open_records(
    split: str, paths: Sequence[str], parse: Parse, numbers: Sequence[int]
) -> RecordPictures:
    """Returns the pictures in files; reads none of them yet.

    Args:
        split: What they are called after.
        paths: Of the files, in order.
        parse: Record -> encoded bytes, and label, int32 [].
        numbers: How many records each file has.
    """
    firsts = np.cumsum(numbers) - numbers
    shards = tuple(
        Shard(path, split, int(first), int(number))
        for path, first, number in zip(paths, firsts, numbers, strict=True)
    )

    @functools.cache
    def read_labels() -> NDArray[np.int32]:
        try:
            files, labels = _read_labels(paths, parse)
        except tf.errors.OpError as error:
            raise InvalidError(
                f"Expected the pictures of the {split} split whole. Received: "
                f"{error.message}"
            ) from error
        found = np.bincount(files, minlength=len(paths))
        for path, wanted, number in zip(paths, numbers, found, strict=True):
            if number != wanted:
                raise InvalidError(
                    f"Expected {wanted} pictures in {path}. Received: {number}"
                )
        return labels

    kept = np.ones(sum(numbers), bool)
    return RecordPictures(shards, parse, read_labels, kept)


def _read_labels(
    paths: Sequence[str], parse: Parse
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Returns the file of every record, and its label, file after file."""

    @tf.autograph.experimental.do_not_convert
    def labels_in(file: tf.Tensor, path: tf.Tensor) -> tf.data.Dataset:
        return tf.data.TFRecordDataset(path).map(
            lambda record: (file, parse(record)[1])
        )

    numbered = (np.arange(len(paths)), np.array(paths, str))
    batches = tf.data.Dataset.from_tensor_slices(numbered).interleave(
        labels_in,
        cycle_length=_FILES_AT_ONCE,
        num_parallel_calls=tf.data.AUTOTUNE,
    )
    read = list(batches.batch(1024).as_numpy_iterator())
    files = np.concatenate([np.zeros(0, np.int64), *(part[0] for part in read)])
    labels = np.concatenate(
        [np.zeros(0, np.int32), *(part[1] for part in read)]
    )
    # Several files were read at a time; each in order.
    order = np.argsort(files, kind="stable")
    return files[order], labels[order]


def _permutation(
    number: int, seed: tuple[int, int], epoch: tf.Tensor
) -> tf.Tensor:
    """Returns the numbers below `number` in the order of an epoch."""
    return shuffled_indices(
        epoch * number + tf.range(number, dtype=tf.int64),
        tf.constant(seed, tf.int64),
        num_examples=number,
    )


def _shuffle(
    records: tf.data.Dataset,
    number: int,
    seed: tuple[int, int],
    epoch: tf.Tensor,
) -> tf.data.Dataset:
    """Returns an epoch's records through a buffer, shuffled by its own seed."""
    # What `tf.random.set_seed` was given must not matter: the graph of this
    # function, and it alone, has a seed of its own.
    tf.compat.v1.random.set_random_seed(1)
    own_seed = shuffled_indices(
        epoch[tf.newaxis],
        tf.constant(seed, tf.int64),
        num_examples=np.iinfo(np.int32).max,
    )[0]
    return records.shuffle(
        min(_BUFFER, number), seed=own_seed, reshuffle_each_iteration=False
    )
