"""What a network costs, counted on its plan without building it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from hnas_tf.config import NetworkConfig
from hnas_tf.genotype import Genotype
from hnas_tf.plan import plan as kinds
from hnas_tf.plan.expansion import make_plan
from hnas_tf.plan.plan import Plan

BYTES_PER_NUMBER = 4


@dataclass(frozen=True)
class Cost:
    """What a network costs.

    Attributes:
        parameters: Trainable ones, batch-norm scales and offsets included.
        multiply_adds: Of the convolutions and Dense, for one image.
        activation_bytes: The outputs kept for the gradient of a batch, in
            float32: what every operation gives, and inside of a convolution
            also what the batch norm and the pointwise half read.
    """

    parameters: int
    multiply_adds: int
    activation_bytes: int


class _Counts(NamedTuple):
    """Of one operation; `kept` is in numbers, per pixel of the output."""

    parameters: int
    multiply_adds: int
    kept: int


def _convolution(kernel: int) -> Callable[[int, int], _Counts]:
    def count(fan: int, width: int) -> _Counts:
        weights = kernel * fan * width
        return _Counts(weights + 2 * width, weights, 2 * width)

    return count


def _depthwise(fan: int, width: int) -> _Counts:
    return _Counts(9 * fan + 2 * width, 9 * fan, 2 * width)


def _separable(fan: int, width: int) -> _Counts:
    weights = 9 * fan + fan * width
    return _Counts(weights + 2 * width, weights, fan + 2 * width)


def _dense(fan: int, width: int) -> _Counts:
    return _Counts(fan * width + width, fan * width, width)


def _only_output(fan: int, width: int) -> _Counts:
    del fan
    return _Counts(0, 0, width)


def _nothing(fan: int, width: int) -> _Counts:
    del fan, width
    return _Counts(0, 0, 0)


_COUNTS: dict[str, Callable[[int, int], _Counts]] = {
    kinds.IMAGES: _only_output,
    kinds.STEM_CONV: _convolution(9),
    "conv_1x1": _convolution(1),
    "depthwise_conv_3x3": _depthwise,
    "separable_conv_3x3": _separable,
    "max_pool_3x3": _only_output,
    "avg_pool_3x3": _only_output,
    "identity": _nothing,
    kinds.CONCATENATE: _only_output,
    kinds.GLOBAL_AVG_POOL: _only_output,
    kinds.DENSE: _dense,
}

_POOLED = (kinds.GLOBAL_AVG_POOL, kinds.DENSE)


def plan_cost(
    plan: Plan, *, image_size: tuple[int, int], batch_size: int = 1
) -> Cost:
    """Returns the cost of a plan for images of `(height, width)` pixels."""
    sizes: list[tuple[int, int]] = []
    parameters = multiply_adds = kept = 0
    for kind, inputs, width, stride, _ in plan.operations:
        height, breadth = sizes[inputs[0]] if inputs else image_size
        if stride > 1:
            height, breadth = -(-height // stride), -(-breadth // stride)
        elif kind in _POOLED:
            height = breadth = 1
        sizes.append((height, breadth))
        fan = sum(plan.operations[i].width for i in inputs) or width
        counts = _COUNTS[kind](fan, width)
        parameters += counts.parameters
        multiply_adds += counts.multiply_adds * height * breadth
        kept += counts.kept * height * breadth
    return Cost(parameters, multiply_adds, kept * batch_size * BYTES_PER_NUMBER)


def network_cost(
    genotype: Genotype,
    *,
    image_size: int | tuple[int, int] = 32,
    batch_size: int = 1,
    **network: Any,
) -> Cost:
    """Returns the cost of a genotype's network.

    Args:
        genotype: What the cells are made of.
        image_size: Height and width of the images, in pixels.
        batch_size: Images that `activation_bytes` is counted for.
        **network: Attributes of `NetworkConfig`: `num_channels`,
            `cells_per_group`, `num_classes`, `motif_width`, ...

    Raises:
        GenotypeError: if the genotype cannot be assembled.

    >>> from hnas_tf import load_genotype
    >>> network_cost(load_genotype("liu2018"), num_channels=16).parameters
    542138
    """
    size = (
        (image_size, image_size) if isinstance(image_size, int) else image_size
    )
    plan = make_plan(genotype, NetworkConfig(**network))
    return plan_cost(plan, image_size=size, batch_size=batch_size)
