"""What the kinds of network differ in: the stem, and the cells of a group."""

from collections.abc import Callable
from typing import NamedTuple

from hnas_tf.config import NetworkConfig
from hnas_tf.plan.plan import STEM_CONV


class StemConvolution(NamedTuple):
    """One 3x3 convolution of the stem.

    Attributes:
        width: The channels of its output.
        stride: 1, or 2 where the resolution is halved.
        name: The last part of its operation's name.
    """

    width: int
    stride: int
    name: str


def stem_of(config: NetworkConfig) -> tuple[StemConvolution, ...]:
    """Returns the convolutions between the images and the first cell."""
    return _STEMS[config.kind](config.num_channels)


def cells_in_group(group: int, config: NetworkConfig) -> int:
    """Returns how many cells a group has; the first one is number 1."""
    if group == 1 and config.kind in _ONE_CELL_FIRST:
        return 1
    return config.cells_per_group


def count_cells(config: NetworkConfig) -> int:
    """Returns how many cells all groups have."""
    later = (config.num_groups - 1) * config.cells_per_group
    return cells_in_group(1, config) + later


def _cifar(width: int) -> tuple[StemConvolution, ...]:
    return (StemConvolution(width, 1, STEM_CONV),)


def _imagenet(width: int) -> tuple[StemConvolution, ...]:
    return (
        StemConvolution(width // 2, 2, f"{STEM_CONV}_1"),
        StemConvolution(width, 2, f"{STEM_CONV}_2"),
    )


_STEMS: dict[str, Callable[[int], tuple[StemConvolution, ...]]] = {
    "cifar": _cifar,
    "imagenet": _imagenet,
}
_ONE_CELL_FIRST = ("imagenet",)
