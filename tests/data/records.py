"""Files of records as they are made for tests: a number is a picture."""

import numpy as np
import tensorflow as tf


def example_of(number):
    """Returns the record of a picture whose label is its last digit."""
    features = {
        "image": tf.train.Feature(
            bytes_list=tf.train.BytesList(value=[f"picture {number}".encode()])
        ),
        "label": tf.train.Feature(
            int64_list=tf.train.Int64List(value=[number % 10])
        ),
    }
    example = tf.train.Example(features=tf.train.Features(feature=features))
    return example.SerializeToString()


def write_shards(folder, sizes, *, first=0):
    """Writes the pictures first, first + 1, ...; returns the paths."""
    paths = []
    for index, size in enumerate(sizes):
        path = str(folder / f"toy-{first:04}-{index:05}.tfrecord")
        with tf.io.TFRecordWriter(path) as writer:
            for number in range(first, first + size):
                writer.write(example_of(number))
        paths.append(path)
        first += size
    return paths


def parse(record):
    """Returns what is in a record, as a parser of a dataset does."""
    features = {
        "image": tf.io.FixedLenFeature([], tf.string),
        "label": tf.io.FixedLenFeature([], tf.int64),
    }
    example = tf.io.parse_single_example(record, features)
    return example["image"], tf.cast(example["label"], tf.int32)


def numbers(pictures, keys, most=-1):
    """Returns which pictures keys are, as numbers."""
    records = keys.take(most).map(lambda key: pictures.read(key)[0])
    return np.array([int(r.split()[1]) for r in records.as_numpy_iterator()])
