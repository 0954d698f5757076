"""A dataset of TensorFlow Datasets, read as it was prepared."""

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import tensorflow as tf

from hnas_tf.config import DataConfig
from hnas_tf.data.pictures import Pictures, Source
from hnas_tf.data.records import Parse, RecordPictures, open_records
from hnas_tf.data.splits import TEST, TRAIN, VALIDATION
from hnas_tf.data.tfds_builder import prepared_builder
from hnas_tf.errors import InvalidError

_FILES_AT_ONCE = 16


def open_tfds(
    name: str, config: DataConfig, *, needs_train: bool = True
) -> Source:
    """Opens a dataset, having prepared it if that was not done before.

    Reads no pictures but the first of every split. The validation split is the
    test split where the dataset brings no labels for another one, as ImageNet
    is tested.

    Args:
        name: `NAME`, `NAME/CONFIG` or `NAME:VERSION`.
        config: Where it, and the archives, lie.
        needs_train: Whether a dataset without a training split is refused.

    Raises:
        InvalidError: if there is no such dataset, it cannot be prepared, or
            has no pictures with labels.
    """
    info = prepared_builder(name, config).info
    if info.file_format.value != "tfrecord":
        raise InvalidError(
            f"Expected {name} in TFRecord files, which `tfds build {name} "
            "--file_format=tfrecord` makes in another --data_dir. Received: "
            f"{info.file_format.value} files in {info.data_dir}"
        )
    image, label = _keys(info, name)
    *_, height, width, channels = info.features[image].shape
    try:
        found = _found(info, _parser(info.features, image, label))
        key = _key(info)
    # Of files that are not there, and of names and numbers that cannot be.
    except (
        *(tf.errors.OpError, ValueError),
        *(MemoryError, OverflowError),
    ) as error:
        raise InvalidError(
            f"Expected {name} whole in {info.data_dir}. Received: "
            f"{getattr(error, 'message', error)}"
        ) from error
    if not found or (needs_train and TRAIN not in found):
        wanted = "a train split" if needs_train else "a split with labels"
        raise InvalidError(
            f"Expected {wanted} in {info.data_dir}. Received: "
            f"{', '.join(info.splits) or 'no split'}"
        )
    return Source(
        tuple(info.features[label].names),
        image_channels=1 if channels == 1 else 3,
        image_size=(height, width) if height and width else None,
        found=found,
        key=key,
    )


def _keys(info: Any, name: str) -> tuple[str, str]:
    """Returns what the features of the picture and of its class are called."""
    import tensorflow_datasets as tfds

    features, pair = info.features, info.supervised_keys
    pair = pair if pair and len(pair) == 2 else ("image", "label")

    def one_of(kind: type, *keys: Any) -> str | None:
        fitting = (k for k in keys if isinstance(k, str) and k in features)
        return next((k for k in fitting if isinstance(features[k], kind)), None)

    image = one_of(tfds.features.Image, "image", pair[0])
    label = one_of(tfds.features.ClassLabel, "label", pair[1])
    if (
        image is None
        or label is None
        or features[image].np_dtype != np.uint8
        or not features[label].num_classes
    ):
        kinds = {key: type(features[key]).__name__ for key in sorted(features)}
        has = [f"{key} ({kind})" for key, kind in kinds.items()]
        raise InvalidError(
            f"Expected in {name} a feature `image` (Image, of uint8) and a "
            f"feature `label` (ClassLabel). Received: {', '.join(has)}"
        )
    return image, label


def _parser(features: Any, image: str, label: str) -> Parse:
    """Returns what goes from a record to the encoded picture and its label."""
    import tensorflow_datasets as tfds

    wanted = tfds.decode.PartialDecoding(
        {image: True, label: True}, {image: tfds.decode.SkipDecoding()}
    )
    wanted_features = wanted.extract_features(features)

    @tf.autograph.experimental.do_not_convert
    def parse(record: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        example = wanted_features.deserialize_example(
            record, decoders=wanted.decoders
        )
        return example[image], tf.cast(example[label], tf.int32)

    parsed: Parse = parse
    return parsed


def _found(info: Any, parse: Parse) -> dict[str, Pictures]:
    """Returns the pictures of the splits that have labels."""
    found: dict[str, Pictures] = {}
    for split in (TRAIN, VALIDATION, TEST):
        if split in info.splits:
            numbers = info.splits[split].shard_lengths
            paths = _paths(info, split)
            pictures = open_records(split, paths, parse, numbers)
            if _has_labels(pictures, split):
                found[split] = pictures
    if TEST not in found and VALIDATION in found:
        found[TEST] = found.pop(VALIDATION)
    return found


def _has_labels(pictures: RecordPictures, split: str) -> bool:
    """Returns whether a split has labels, judged by its first picture.

    To read all labels means to read all pictures, perhaps from far away.
    """
    for key in pictures.in_order().take(1):
        return split != TEST or int(pictures.read(key)[1]) >= 0
    return False


def _paths(info: Any, split: str) -> list[str]:
    return [os.fspath(path) for path in info.splits[split].filepaths]


def _key(info: Any) -> str:
    """Returns what changes when files come, go, or get another size."""
    splits: Sequence[str] = sorted(info.splits)
    paths = [path for split in splits for path in _paths(info, split)]
    with ThreadPoolExecutor(_FILES_AT_ONCE) as pool:
        sizes = pool.map(lambda path: tf.io.gfile.stat(path).length, paths)
        files = [
            (os.path.basename(path), size)  # noqa: PTH119
            for path, size in zip(paths, sizes, strict=True)
        ]
    content = json.dumps([info.full_name, files])
    return hashlib.sha256(content.encode()).hexdigest()[:16]
