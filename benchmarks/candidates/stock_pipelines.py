"""The pictures as pipelines of tf.data."""

import tensorflow as tf

from benchmarks.candidates.pictures import (
    MEAN,
    STD,
    evaluation_pictures,
    training_pictures,
)
from benchmarks.candidates.workload import Workload


def training_pipeline(workload: Workload) -> tf.data.Dataset:
    """Returns crops, half of them mirrored, in batches without an end.

    A batch at a time, since a picture at a time would take a core of its own.
    """
    images, labels = map(tf.constant, training_pictures(workload))
    size, batch_size = workload.crop_size, workload.batch_size
    room = workload.image_size - size + 1

    def crops(places: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        corners = tf.random.uniform([batch_size, 2], 0, room, tf.int32)
        chosen = tf.gather(images, places)
        for axis in (1, 2):
            lines = corners[:, axis - 1 : axis] + tf.range(size)
            chosen = tf.gather(chosen, lines, axis=axis, batch_dims=1)
        mirrored = tf.random.uniform([batch_size, 1, 1, 1]) < 0.5
        chosen = tf.where(mirrored, tf.reverse(chosen, [2]), chosen)
        return _normalized(chosen), tf.gather(labels, places)

    return _ahead(
        tf.data.Dataset.range(len(labels))
        .shuffle(len(labels))
        .repeat()
        .batch(batch_size, drop_remainder=True)
        .map(crops)
    )


def evaluation_pipeline(workload: Workload) -> tf.data.Dataset:
    images, labels = evaluation_pictures(workload)
    return _ahead(
        tf.data.Dataset.from_tensor_slices((images, labels))
        .batch(workload.batch_size)
        .map(lambda images, labels: (_normalized(images), labels))
    )


def _ahead(batches: tf.data.Dataset) -> tf.data.Dataset:
    """Returns batches that are made while others are computed with.

    How many is not left to tf.data: whoever looks for that sleeps, in the end
    for 10 seconds, and where operations have one thread an evaluation does not
    end before it wakes up.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return batches.prefetch(2).with_options(options)


def _normalized(images: tf.Tensor) -> tf.Tensor:
    return (tf.cast(images, tf.float32) - MEAN) / STD
