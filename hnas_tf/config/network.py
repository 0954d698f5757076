"""The network around the cells, as the flags describe it."""

from dataclasses import dataclass

from hnas_tf.errors import (
    require,
    require_at_least,
    require_at_most,
    require_one_of,
)

NETWORK_KINDS = ("cifar", "imagenet")
MOTIF_WIDTHS = ("cell", "input")
MAX_GROUPS = 32  # No picture can be halved more often.
BATCH_NORM_STATISTICS = ("synchronized", "per_replica")


@dataclass(frozen=True)
class NetworkConfig:
    """The network around the cells (Section 4.1): stem, groups, head.

    Attributes:
        kind: `cifar`: a 3x3 convolution, then groups of N cells; `imagenet`:
            two 3x3 convolutions of stride 2, c0 / 2 (rounded down) and c0
            wide, then a group of one cell, then groups of N cells.
        num_channels: c0, the channels of the first group; they double from
            group to group.
        cells_per_group: N.
        num_groups: How many groups; the resolution halves between two.
        num_classes: The width of the logits.
        image_channels: The channels of an image.
        motif_width: The channels of the 1x1 convolution after a level-2
            motif: `cell`, as many as the cell has (the reading that gives the
            paper's parameter count), or `input`, as many as the motif's input.
        batch_norm_momentum: Of the moving averages. The paper does not say;
            0.9 is warm after the few steps that a small search trains.
        batch_norm_statistics: Where several devices share a batch,
            `synchronized` normalizes over all of it, so that the number of
            devices changes nothing; `per_replica` each over its part.
        optimize_graph: Whether the network is computed in the way that costs
            least; otherwise operation by operation, as the genotype says. The
            variables are the same, and outputs and gradients to rounding.
    """

    kind: str = "cifar"
    num_channels: int = 16
    cells_per_group: int = 1
    num_groups: int = 3
    num_classes: int = 10
    image_channels: int = 3
    motif_width: str = "cell"
    batch_norm_momentum: float = 0.9
    batch_norm_statistics: str = "synchronized"
    optimize_graph: bool = True

    def __post_init__(self) -> None:
        """Checks the ranges."""
        require_at_least(
            1, self, "num_channels", "cells_per_group", "num_groups"
        )
        require_at_most(MAX_GROUPS, self, "num_groups")
        require_at_least(1, self, "num_classes", "image_channels")
        require_one_of(NETWORK_KINDS, self, "kind")
        require(
            self.kind != "imagenet" or self.num_channels >= 2,
            "num_channels",
            "be at least 2 where the stem starts with half of them",
            self.num_channels,
        )
        require_one_of(MOTIF_WIDTHS, self, "motif_width")
        require_one_of(BATCH_NORM_STATISTICS, self, "batch_norm_statistics")
        require(
            0 <= self.batch_norm_momentum < 1,
            "batch_norm_momentum",
            "lie in [0, 1)",
            self.batch_norm_momentum,
        )
