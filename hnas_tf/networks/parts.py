"""Values whose channels lie in several tensors, side by side.

A concatenation that nobody needs whole is not made. A layer that can do
without takes a tensor, or a list of tensors of equal batch, height and width.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf

Shape = tuple[int | None, ...]
Shapes = Any  # A shape, or a list of shapes.
Parts = Any  # A tensor, or a list of tensors.


def apply(layer: Callable[..., Any], parts: list[Any]) -> list[Any]:
    """Returns what a layer makes of a value, in parts."""
    made = layer(parts if len(parts) > 1 else parts[0])
    return made if isinstance(made, list) else [made]


def shapes_of(shape: Shapes) -> list[Shape]:
    """Returns the shapes of all parts, out of what Keras tells a layer."""
    several = isinstance(shape[0], list | tuple)
    return [tuple(one) for one in (shape if several else [shape])]


def num_channels(shape: Shapes) -> int:
    """Returns the channels of a value, of all parts together."""
    return sum(one[-1] or 0 for one in shapes_of(shape))


def with_weights(
    parts: Parts, weights: Sequence[keras.Variable], *, axis: int = 0
) -> list[tuple[tf.Tensor, ...]]:
    """Returns every part together with its stretch of each of the weights.

    Args:
        parts: Of the value.
        weights: Their sizes along `axis` are the channels of the value.
        axis: Along which the channels of the weights lie.
    """
    whole = [tf.convert_to_tensor(weight) for weight in weights]
    if not isinstance(parts, list):
        return [(parts, *whole)]
    widths = [part.shape[-1] for part in parts]
    stretches = [tf.split(weight, widths, axis) for weight in whole]
    return list(zip(parts, *stretches, strict=True))


def like(inputs: Any, parts: list[Any]) -> Any:
    """Returns what was made of every part: alone, if the inputs were."""
    return parts if isinstance(inputs, list) else parts[0]
