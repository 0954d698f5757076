"""The primitives: the operations of level 1 (Section 2.3 of the paper)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Primitive:
    """An operation that is not made of others; stride 1, keeps the resolution.

    Attributes:
        name: The name in genotypes, layers and JSON.
        sets_width: Whether the output has the cell's number of channels;
            if not, it has as many channels as the input.
    """

    name: str
    sets_width: bool


IDENTITY = "identity"

PRIMITIVES: dict[str, Primitive] = {
    primitive.name: primitive
    for primitive in (
        Primitive("conv_1x1", sets_width=True),
        Primitive("depthwise_conv_3x3", sets_width=False),
        Primitive("separable_conv_3x3", sets_width=True),
        Primitive("max_pool_3x3", sets_width=False),
        Primitive("avg_pool_3x3", sets_width=False),
        Primitive(IDENTITY, sets_width=False),
    )
}
