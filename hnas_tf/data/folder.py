"""A dataset that is a folder: `PATH/{train,validation,test}/LABEL/*.jpg`."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from hnas_tf.config import DataConfig
from hnas_tf.data.pictures import IndexedPictures, Source
from hnas_tf.data.splits import TEST, TRAIN, VALIDATION
from hnas_tf.errors import InvalidError

SUFFIXES = (".jpg", ".jpeg", ".png")
_SPLITS = (TRAIN, VALIDATION, TEST)


def open_folder(
    path: str, config: DataConfig, *, needs_train: bool = True
) -> Source:
    """Returns the pictures of a folder; labels are the names of its folders.

    What is only evaluated on needs no training split, nor any: pictures in
    `PATH/LABEL` are its test split.

    Raises:
        InvalidError: if it is not laid out like that, or is to be trained on
            and the validation or test split has a class of its own.
    """
    del config
    path = path.rstrip("/") or "/"
    if needs_train:
        _require_train(path)
    there = _folders(path)
    # By split, the folder of its classes.
    roots = {s: f"{path}/{s}" for s in _SPLITS if s in there} or {TEST: path}
    class_names = sorted({n for root in roots.values() for n in _folders(root)})
    if not class_names:
        raise InvalidError(
            f"Expected pictures as {path}/LABEL/*.jpg or "
            f"{path}/{TEST}/LABEL/*.jpg. Received: no such folder"
        )
    listing = hashlib.sha256()
    found = {
        split: _pictures(path, root, class_names, listing)
        for split, root in roots.items()
    }
    return Source(tuple(class_names), 3, None, found, listing.hexdigest())


def _require_train(path: str) -> None:
    """Checks that there is a training split, and that it has every class."""
    there = _folders(path)
    if TRAIN not in there:
        raise InvalidError(
            f"Expected folders {', '.join(_SPLITS)}, or at least {TRAIN}, in "
            f"{path}. Received: {', '.join(there) or 'no folder'}"
        )
    class_names = _folders(f"{path}/{TRAIN}")
    if len(class_names) < 2:
        raise InvalidError(
            f"Expected a folder for each of at least 2 classes in {path}/"
            f"{TRAIN}. Received: {', '.join(class_names) or 'no folder'}"
        )
    for split in (s for s in _SPLITS if s in there):
        strange = set(_folders(f"{path}/{split}")) - set(class_names)
        if strange:
            raise InvalidError(
                f"Expected in {path}/{split} the classes of {path}/{TRAIN}. "
                f"Received: {', '.join(sorted(strange))}"
            )


def _pictures(
    path: str, root: str, class_names: Sequence[str], listing: Any
) -> IndexedPictures:
    """Returns the pictures of a split, and adds what is there to a listing.

    Args:
        path: Of the dataset.
        root: The folder in it, or itself, where the split's classes lie.
        class_names: The names of the labels 0, 1, ...
        listing: Of all pictures, their sizes and times.
    """
    names, labels = [], []
    for label, class_name in enumerate(class_names):
        folder = f"{root}/{class_name}"
        for file in _files(folder):
            names.append(f"{folder}/{file}".removeprefix(f"{path}/"))
            labels.append(label)
            state = _state(f"{folder}/{file}")
            listing.update(f"{names[-1]}\n{state}\n".encode())
    return IndexedPictures(
        np.array(labels, np.int32),
        names,
        np.array([f"{path}/{name}".encode() for name in names], object),
        tf.io.read_file,
    )


def _state(path: str) -> str:
    """Returns what changes when a file does."""
    try:
        stat = tf.io.gfile.stat(path)
    except tf.errors.OpError:  # A link to nowhere, for example.
        return "It will be named when it is read."
    return f"{stat.length}\n{stat.mtime_nsec}"


def _folders(path: str) -> list[str]:
    return [
        name for name in _listed(path) if tf.io.gfile.isdir(f"{path}/{name}")
    ]


def _files(path: str) -> list[str]:
    if not tf.io.gfile.isdir(path):
        return []
    return [name for name in _listed(path) if name.lower().endswith(SUFFIXES)]


def _listed(path: str) -> list[str]:
    """Returns what lies in a folder, in order, what is hidden left out."""
    try:
        names = tf.io.gfile.listdir(path)
    except tf.errors.OpError as error:
        raise InvalidError(
            f"Expected a folder of pictures at {path}. Received: "
            f"{error.message}"
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidError(
            f"Expected names in UTF-8 in {path}. Received: {error.object!r}"
        ) from error
    # Of a bucket, folders come with a slash.
    names = [name.rstrip("/") for name in names]
    return sorted(name for name in names if not name.startswith("."))
