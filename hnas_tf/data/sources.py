"""What `--dataset` can be."""

from typing import Protocol

import numpy as np

from hnas_tf.config import BUILT_IN, DataConfig
from hnas_tf.data.arrays import open_digits, open_npz
from hnas_tf.data.folder import open_folder
from hnas_tf.data.pictures import Source
from hnas_tf.data.splits import TRAIN
from hnas_tf.errors import InvalidError


class _Opener(Protocol):
    def __call__(
        self,
        rest: str,
        config: DataConfig,
        /,
        *,
        needs_train: bool,
    ) -> Source: ...


def _open_tfds(rest: str, config: DataConfig, *, needs_train: bool) -> Source:
    # It takes a second to load, which others are spared.
    from hnas_tf.data.tfds import open_tfds

    return open_tfds(rest, config, needs_train=needs_train)


_OPENERS: dict[str, _Opener] = {
    "tfds": _open_tfds,
    "folder": open_folder,
    "npz": open_npz,
}


def open_source(config: DataConfig, *, needs_train: bool = True) -> Source:
    """Returns the dataset that `--dataset` names.

    Args:
        config: Which one.
        needs_train: Whether there must be training pictures, of every class:
            else whatever splits there are will do.

    Raises:
        InvalidError: if there is none, or it is not as it should be.
    """
    kind, _, rest = config.dataset.partition(":")
    if kind == BUILT_IN:
        return open_digits(config)
    source = _OPENERS[kind](rest, config, needs_train=needs_train)
    _require_pictures(source, config)
    # Those of TensorFlow Datasets have the classes that they have.
    if needs_train and kind != "tfds":
        _require_all_classes(source, config)
    return source


def _require_pictures(source: Source, config: DataConfig) -> None:
    for split, pictures in source.found.items():
        if not len(pictures.names):
            raise InvalidError(
                f"Expected pictures in the {split} split of {config.dataset}, "
                "or no such split. Received: none"
            )


def _require_all_classes(source: Source, config: DataConfig) -> None:
    labels = source.found[TRAIN].labels
    counts = np.bincount(labels, minlength=len(source.class_names))
    names = [source.class_names[label] for label in np.flatnonzero(counts == 0)]
    if names:
        raise InvalidError(
            f"Expected training pictures of every class in {config.dataset}. "
            f"Received: none of {', '.join(names)}"
        )
