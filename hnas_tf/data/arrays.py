"""Datasets that are arrays: the built-in digits, and `npz:PATH`."""

import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hnas_tf.config import DataConfig
from hnas_tf.data.damage import DAMAGE
from hnas_tf.data.pictures import IndexedPictures, Source
from hnas_tf.data.splits import TEST, TRAIN, VALIDATION
from hnas_tf.errors import InvalidError

_DIGITS = Path(__file__).parent / "digits" / "digits.npz"
_CHANNELS = (1, 3)
_MOST_CLASSES = 100_000
_SPLITS = (TRAIN, VALIDATION, TEST)


def open_digits(config: DataConfig) -> Source:
    """Returns the built-in digits: 8x8 pixels, grey, 0 to 16."""
    del config
    content = _DIGITS.read_bytes()
    with np.load(io.BytesIO(content)) as arrays:
        found = {
            split: _pictures(
                split,
                arrays["images"][arrays["split"] == number],
                arrays["labels"][arrays["split"] == number],
            )
            for number, split in enumerate(_SPLITS)
        }
    return Source(tuple("0123456789"), 1, (8, 8), found, _hash(content))


def open_npz(
    path: str, config: DataConfig, *, needs_train: bool = True
) -> Source:
    """Returns the splits of a file of arrays.

    `x_train`, `y_train` and, where there are any, those of `validation` and
    `test`: x uint8 [pictures, height, width] or [pictures, height, width,
    channels], y whole numbers from 0. What is only evaluated on needs no
    training split.

    Raises:
        InvalidError: if the file cannot be read, or its arrays do not fit.
    """
    del config
    content, arrays = _read(path)
    found = {
        split: _checked(arrays, split, path)
        for split in _SPLITS
        if {f"x_{split}", f"y_{split}"} & arrays.keys()
        or (split == TRAIN and needs_train)
    }
    if not found:
        raise InvalidError(
            f"Expected arrays x_test and y_test in {path}. Received: "
            f"{', '.join(sorted(arrays)) or 'no array'}"
        )
    shapes = {pictures.contents.shape[1:] for pictures in found.values()}
    if len(shapes) > 1:
        raise InvalidError(
            f"Expected pictures of one size in {path}. Received: "
            f"{sorted(shapes)}"
        )
    height, width, channels = shapes.pop()
    num_classes = max(int(p.labels.max()) for p in found.values()) + 1
    names = tuple(str(label) for label in range(num_classes))
    return Source(names, channels, (height, width), found, _hash(content))


def _read(path: str) -> tuple[bytes, dict[str, NDArray[np.generic]]]:
    """Returns a file, and the arrays in it."""
    try:
        with tf.io.gfile.GFile(path, "rb") as opened:
            content = opened.read()
        if not zipfile.is_zipfile(io.BytesIO(content)):
            raise zipfile.BadZipFile("no npz file")
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            members = {name: file[name] for name in file.files}
    except (tf.errors.OpError, *DAMAGE) as error:
        raise InvalidError(
            f"Expected arrays x_train, y_train, ... in {path}. Received: "
            f"{error}"
        ) from error
    # Other files of a zip archive are bytes.
    arrays = {n: m for n, m in members.items() if isinstance(m, np.ndarray)}
    return content, arrays


def _checked(
    arrays: dict[str, NDArray[np.generic]], split: str, path: str
) -> IndexedPictures:
    """Returns a split, if its arrays are what they should be."""
    names = (f"x_{split}", f"y_{split}")
    for name in names:
        if name not in arrays:
            raise InvalidError(
                f"Expected an array {name} in {path}. Received: "
                f"{', '.join(sorted(arrays)) or 'no array'}"
            )
    images = _checked_images(arrays[names[0]], names[0], path)
    # As every class has a training picture, there are no more of them; and
    # without training pictures, no more than a name can be made for.
    train = arrays.get(f"x_{TRAIN}")
    labels = _checked_labels(
        arrays[names[1]],
        names[1],
        path,
        of=images,
        most=(_MOST_CLASSES if train is None else len(train)) - 1,
    )
    return _pictures(split, images, labels)


def _checked_images(
    found: NDArray[np.generic], name: str, path: str
) -> NDArray[np.generic]:
    """Returns pictures, [pictures, height, width, channels]."""
    images = found[..., np.newaxis] if found.ndim == 3 else found
    if images.ndim != 4 or images.shape[3] not in _CHANNELS:
        raise InvalidError(
            f"Expected {name} of shape [pictures, height, width, 1 or 3] "
            f"in {path}. Received: {list(found.shape)}"
        )
    if images.dtype != np.uint8:
        raise InvalidError(
            f"Expected {name} of type uint8 in {path}. Received: {images.dtype}"
        )
    return images


def _checked_labels(
    found: NDArray[np.generic],
    name: str,
    path: str,
    *,
    of: NDArray[np.generic],
    most: int,
) -> NDArray[np.generic]:
    """Returns the labels of pictures, [pictures], of 0 to `most`."""
    labels = np.squeeze(found, axis=1) if found.shape[1:] == (1,) else found
    if labels.shape != (len(of),) or not of.size:
        raise InvalidError(
            f"Expected a label for each of {len(of)} pictures, and at "
            f"least one, in {name} of {path}. Received: {list(labels.shape)}"
        )
    is_whole = labels.dtype.kind in "ui"
    if not is_whole or labels.min() < 0 or labels.max() > most:
        seen = f", {labels.min()} to {labels.max()}" if is_whole else ""
        raise InvalidError(
            f"Expected whole numbers from 0 to {most} at most, each of a "
            f"training picture, in {name} of {path}. Received: "
            f"{labels.dtype}{seen}"
        )
    return labels


def _pictures(
    split: str, images: NDArray[np.generic], labels: NDArray[np.generic]
) -> IndexedPictures:
    return IndexedPictures(
        labels.astype(np.int32),
        [f"{split}:{position}" for position in range(len(labels))],
        images,
        tf.identity,
    )


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
