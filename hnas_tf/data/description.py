"""What is known of a dataset without reading it: pure Python."""

from dataclasses import dataclass

from hnas_tf.config import NetworkConfig, TrainingConfig
from hnas_tf.errors import InvalidError, require


@dataclass(frozen=True)
class Description:
    """A dataset's shapes and names.

    Attributes:
        name: As in `--dataset`.
        image_size: Height and width of an image, in pixels.
        image_channels: 1 for grey, 3 for colour.
        class_names: The names of the labels 0, 1, ...
        mean: Of the training split's pixels, as stored.
        std: Their standard deviation.
    """

    name: str
    image_size: tuple[int, int]
    image_channels: int
    class_names: tuple[str, ...]
    mean: float
    std: float


DESCRIPTIONS = {
    description.name: description
    for description in (
        Description(
            "digits", (8, 8), 1, tuple("0123456789"), mean=4.894, std=6.019
        ),
    )
}


def describe(dataset: str) -> Description:
    """Returns what is known of a dataset.

    Raises:
        InvalidError: if there is no dataset of that name.
    """
    if dataset not in DESCRIPTIONS:
        raise InvalidError(
            f"`dataset` must be one of {', '.join(DESCRIPTIONS)}. "
            f"Received: dataset={dataset}"
        )
    return DESCRIPTIONS[dataset]


def require_fit(
    description: Description, network: NetworkConfig, training: TrainingConfig
) -> None:
    """Checks that a network and its training suit the images of a dataset.

    Raises:
        InvalidError: if a crop does not fit into a padded image, or channels
            or classes are not the dataset's.
    """
    images = f"those of {description.name}"
    most = min(description.image_size) + 2 * training.padding
    crop, channels = training.crop_size, network.image_channels
    require(crop <= most, "crop_size", f"be at most {most} for {images}", crop)
    require(
        channels == description.image_channels,
        "image_channels",
        f"be {description.image_channels} for {images}",
        channels,
    )
    num_classes = len(description.class_names)
    require(
        network.num_classes == num_classes,
        "num_classes",
        f"be {num_classes} for {images}",
        network.num_classes,
    )
