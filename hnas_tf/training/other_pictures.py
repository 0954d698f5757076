"""Pictures that a network was not trained on, made like those that it was."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hnas_tf.config import DataConfig
from hnas_tf.data import Description
from hnas_tf.data.pictures import IndexedPictures, Pictures, Source
from hnas_tf.errors import InvalidError

_MOST_NAMED = 10


def own_labels_of(
    pictures: Pictures,
    source: Source,
    description: Description,
    data: DataConfig,
) -> NDArray[np.int32]:
    """Returns the network's label for each of the dataset's, by their names.

    Raises:
        InvalidError: if there are no pictures, or the network has no class of
            the name of one.
    """
    if not len(pictures.names):
        raise InvalidError(
            f"Expected pictures to evaluate on in {data.dataset}. Received: "
            f"none, of {_listed(source.class_names)}"
        )
    own = {name: label for label, name in enumerate(description.class_names)}
    occurring = [source.class_names[n] for n in np.unique(pictures.labels)]
    unknown = [name for name in occurring if name not in own]
    if unknown:
        raise InvalidError(
            f"Expected in {data.dataset} classes that the network knows: "
            f"{_listed(description.class_names)}. Received: {_listed(unknown)}"
        )
    # Classes without a picture may have any name.
    return np.array([own.get(n, -1) for n in source.class_names], np.int32)


def _listed(names: Sequence[str]) -> str:
    """Returns the first names."""
    more = len(names) - _MOST_NAMED
    rest = f" and {more} more" if more > 0 else ""
    return ", ".join(names[:_MOST_NAMED]) + rest


def as_trained_on(
    source: Source,
    pictures: Pictures,
    description: Description,
    data: DataConfig,
) -> Source:
    """Returns a source whose pictures become like those trained on.

    Raises:
        InvalidError: if they are pixels of other channels, which no decoder
            converts.
    """
    given, wanted = source.image_channels, description.image_channels
    is_decoded = isinstance(pictures, IndexedPictures) and (
        pictures.contents.dtype == np.uint8
    )
    if is_decoded and given != wanted:
        raise InvalidError(
            f"Expected pictures of {wanted} channels, as the network was "
            f"trained on. Received: {data.dataset}, with {given}"
        )
    return dataclasses.replace(
        source,
        image_channels=wanted,
        image_size=description.image_size,
    )
