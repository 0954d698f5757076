"""The pictures of a search, decoded once, as files that children map.

In PREPARED_DIR/FINGERPRINT lie train_images.npy, train_labels.npy,
train_names.json, the same of the validation split, and, written last,
description.json.
"""

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hnas_tf import files
from hnas_tf.config import DataConfig
from hnas_tf.data.damage import DAMAGE
from hnas_tf.data.dataset import Split, decode, describe
from hnas_tf.data.description import (
    Description,
    description_from_document,
    description_to_document,
)
from hnas_tf.data.pictures import Examples, Source
from hnas_tf.data.reading import Report
from hnas_tf.data.sources import open_source
from hnas_tf.data.splits import TRAIN, VALIDATION, pictures_of
from hnas_tf.errors import ArchiveError

DESCRIPTION_NAME = "description.json"


def prepare(document: dict[str, Any]) -> dict[str, Any]:
    """Decodes the training and validation splits, unless that was done.

    Args:
        document: A `DataConfig` as JSON values, with its `prepared_dir`.

    Returns:
        The description, as JSON values.

    Raises:
        InvalidError: if there is no such dataset, or pictures cannot be read.
        ArchiveError: if the files cannot be written.
    """
    config = DataConfig(**document)
    source = open_source(config)
    key = f"{source.key} {_what_matters(config)}"
    folder = Path(config.prepared_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone_in(folder):
            for left_over in folder.glob(".new-*"):  # By who was killed.
                shutil.rmtree(left_over)
            there = _find(folder, key)
            return there or _write(source, config, key, folder)
    except OSError as error:
        raise ArchiveError(
            f"Expected to write {folder}. Received: {error}"
        ) from error


def load_prepared(config: DataConfig) -> tuple[Split, Split, Description]:
    """Returns training and validation split, mapped into memory.

    Several processes that do so share the pages.

    Raises:
        ArchiveError: if the files are gone, or are not what they were.
    """
    folder = Path(config.prepared_dir) / config.fingerprint
    try:
        document = files.read_json(folder / DESCRIPTION_NAME)
        description = description_from_document(document)
        train, validation = (
            _map(folder, split, description) for split in (TRAIN, VALIDATION)
        )
    except DAMAGE as error:
        raise ArchiveError(
            f"Expected the pictures of this search in {folder}. Received: "
            f"{error}"
        ) from error
    return train, validation, description


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Waits until no other process prepares pictures there."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _find(folder: Path, key: str) -> dict[str, Any] | None:
    """Returns the description of pictures that were prepared before.

    What is no description, or that of another folder, is none.
    """
    for path in sorted(folder.glob(f"*/{DESCRIPTION_NAME}")):
        try:
            document = files.read_json(path)
            description = description_from_document(document)
        except DAMAGE:
            continue
        its_own = (key, path.parent.name)
        if (description.key, description.fingerprint) == its_own:
            return dict(document)
    return None


def _what_matters(config: DataConfig) -> str:
    return json.dumps(
        [
            config.dataset,
            config.image_size,
            config.validation_fraction,
            config.split_seed,
            config.bad_images,
        ]
    )


def _write(
    source: Source, config: DataConfig, key: str, folder: Path
) -> dict[str, Any]:
    """Decodes into a folder of a temporary name, which is then renamed."""
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    report = Report()
    splits = {
        name: _write_split(new, name, source, config, report)
        for name in (TRAIN, VALIDATION)
    }
    description = describe(source, config, report, splits)
    text = json.dumps(
        {**description_to_document(description), "key": key}, indent=2
    )
    files.write_text(new / DESCRIPTION_NAME, text)
    target = folder / description.fingerprint
    if target.exists():  # The same pictures, listed otherwise.
        shutil.rmtree(target)
    new.rename(target)
    return dict(json.loads(text))


def _write_split(
    folder: Path, name: str, source: Source, config: DataConfig, report: Report
) -> Split:
    """Decodes a split straight into its file, whatever its size."""
    pictures = pictures_of(source, config, name)
    path = folder / f"{name}_images.npy"

    def allocate(shape: tuple[int, ...]) -> NDArray[np.uint8]:
        images = np.lib.format.open_memmap(
            path, mode="w+", dtype=np.uint8, shape=shape
        )
        # A full disk is an error now; later it would kill who writes.
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
        return images

    split = decode(pictures, source, config, report, allocate)
    if len(split.names) < len(pictures.names):  # Some cannot be read.
        kept = folder / "kept.npy"
        np.save(kept, split.examples.images)
        kept.replace(path)
    np.save(folder / f"{name}_labels.npy", split.examples.labels)
    names = json.dumps(list(split.names))
    files.write_text(folder / f"{name}_names.json", names)
    return split


def _map(folder: Path, split: str, description: Description) -> Split:
    """Returns the pictures of a split, if they are as they are described."""
    images = np.load(folder / f"{split}_images.npy", mmap_mode="c")
    labels = np.load(folder / f"{split}_labels.npy")
    names = files.read_json(folder / f"{split}_names.json")
    size = (*description.image_size, description.image_channels)
    if images.dtype != np.uint8 or images.shape != (len(names), *size):
        raise ValueError(f"pictures of {images.dtype} {list(images.shape)}")
    if labels.dtype != np.int32 or labels.shape != images.shape[:1]:
        raise ValueError(f"labels of {labels.dtype} {list(labels.shape)}")
    if not np.isin(labels, range(len(description.class_names))).all():
        raise ValueError("labels that no class has")
    return Split(Examples(images, labels), list(names))
