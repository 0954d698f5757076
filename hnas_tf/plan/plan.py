"""A plan: the network as a frozen graph of operations, before Keras."""

from dataclasses import dataclass
from typing import NamedTuple

IMAGES = "images"
STEM_CONV = "conv_3x3"
CONCATENATE = "concatenate"
GLOBAL_AVG_POOL = "global_avg_pool"
DENSE = "dense"


class PlannedOperation(NamedTuple):
    """One operation of a network.

    Attributes:
        kind: A primitive's name, or one of the names above. Convolutions
            bring their batch norm and ReLU along.
        inputs: The positions in the plan of the operations that it reads;
            several are read side by side, as one value of all their channels.
        width: The channels of its output.
        stride: 1, or 2 where the resolution is halved.
        name: Where it stands: `group2.cell1.edge_2_4.motif3.edge_1_2.conv_1x1`
            is the primitive on edge 1 -> 2 of motif 3, which lies on edge
            2 -> 4 of the first cell of the second group.
    """

    kind: str
    inputs: tuple[int, ...]
    width: int
    stride: int
    name: str


@dataclass(frozen=True)
class Plan:
    """Operations in an order in which every input comes first.

    The first operation is the batch of images, the last gives the logits.
    """

    operations: tuple[PlannedOperation, ...]
