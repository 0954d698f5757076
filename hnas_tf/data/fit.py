"""What a dataset decides of a network and its training: pure Python."""

import dataclasses

from hnas_tf.config import NetworkConfig, TrainingConfig
from hnas_tf.data.description import Description
from hnas_tf.errors import require


def fitted(
    network: NetworkConfig, training: TrainingConfig, description: Description
) -> tuple[NetworkConfig, TrainingConfig]:
    """Returns both for the pictures of a dataset.

    Raises:
        InvalidError: if a crop does not fit into a padded picture.
    """
    height, width = description.image_size
    crop_size = training.crop_size or min(height, width)
    if training.augmentation == "crop":
        most = min(height, width) + 2 * training.padding
        require(
            crop_size <= most,
            "crop_size",
            f"be at most {most} for those of {description.name}",
            crop_size,
        )
    return (
        dataclasses.replace(
            network,
            num_classes=len(description.class_names),
            image_channels=description.image_channels,
        ),
        dataclasses.replace(training, crop_size=crop_size),
    )
