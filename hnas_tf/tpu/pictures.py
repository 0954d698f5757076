"""What a program must know of a dataset: found out without its pictures."""

import dataclasses

from hnas_tf.config import DataConfig
from hnas_tf.data import Description
from hnas_tf.engines.errand import run_errand

SHAPE = "hnas_tf.data.shape:shape_of"

CIFAR10, IMAGENET = "tfds:cifar10", "tfds:imagenet2012"

# Nobody needs to download these to ask what a TPU makes of them.
_KNOWN = {
    CIFAR10: ((32, 32), 3, 10, {"train": 50_000, "test": 10_000}),
    "tfds:cifar100": ((32, 32), 3, 100, {"train": 50_000, "test": 10_000}),
    IMAGENET: (None, 3, 1000, {"train": 1_281_167, "validation": 50_000}),
}
_DEFAULT_SIZE = {"cifar": 32, "imagenet": 299}


def described(data: DataConfig, network_kind: str) -> Description:
    """Returns the shapes of a dataset and how many pictures each split has.

    Args:
        data: Which dataset. One that is not known by name must be there.
        network_kind: Decides the size where pictures have many.

    Raises:
        HnasError: if there is no such dataset.
    """
    known = _KNOWN.get(data.dataset)
    size, channels, num_classes, counts = known or _looked_up(data)
    if data.image_size is not None or size is None:
        edge = data.image_size or _DEFAULT_SIZE[network_kind]
        size = (edge, edge)
    return Description(
        name=data.dataset,
        image_size=size,
        image_channels=channels,
        class_names=tuple(map(str, range(num_classes))),
        mean=(0.0,) * channels,
        std=(1.0,) * channels,
        num_examples=counts,
    )


def _looked_up(
    data: DataConfig,
) -> tuple[tuple[int, int] | None, int, int, dict[str, int]]:
    found = run_errand(SHAPE, dataclasses.asdict(data))
    size = found["image_size"]
    return (
        tuple(size) if size else None,
        found["image_channels"],
        found["num_classes"],
        found["num_examples"],
    )
