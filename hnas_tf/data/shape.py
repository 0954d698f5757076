"""The shapes of a dataset, without decoding it; a child calls it."""

from typing import Any

from hnas_tf.config import DataConfig
from hnas_tf.data.sources import open_source


def shape_of(document: dict[str, Any]) -> dict[str, Any]:
    """Returns sizes and numbers of the dataset of a configuration.

    Raises:
        InvalidError: if there is none, or it is not as it should be.
    """
    source = open_source(DataConfig(**document))
    return {
        "image_size": source.image_size,
        "image_channels": source.image_channels,
        "num_classes": len(source.class_names),
        "num_examples": {
            split: len(pictures.names)
            for split, pictures in source.found.items()
        },
    }
