"""Weights for a network, drawn once and known to all contenders by name.

Names are `operation.part/variable`: those of the layers of hnas_tf. Kernels are
[height, width, inputs, outputs], depthwise ones [3, 3, channels, 1].
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_KERNEL_SIZES = {"conv_3x3": 3, "conv_1x1": 1}


def save(plan: list[list[Any]], path: Path) -> None:
    """Writes weights that no network starts with, as an .npz."""
    np.savez(path, **draw(plan))


def draw(plan: list[list[Any]]) -> dict[str, Array]:
    """Returns the weights of a plan; equal plans give equal ones."""
    rng = np.random.default_rng(0)
    drawn: dict[str, Array] = {}
    for kind, inputs, width, _, name in plan:
        fan = plan[inputs[0]][2] if inputs else 0
        for key, value in _of(kind, fan, width, rng):
            drawn[f"{name}{key}"] = value.astype(np.float32)
    return drawn


def _of(
    kind: str, fan: int, width: int, rng: np.random.Generator
) -> Iterator[tuple[str, NDArray[np.floating]]]:
    """Yields the weights of an operation."""
    if kind in _KERNEL_SIZES:
        size = _KERNEL_SIZES[kind]
        yield ".conv/kernel", _kernel((size, size, fan, width), rng)
    elif kind in ("depthwise_conv_3x3", "separable_conv_3x3"):
        yield ".depthwise/kernel", _kernel((3, 3, fan, 1), rng)
        if kind == "separable_conv_3x3":
            yield ".pointwise/kernel", _kernel((1, 1, fan, width), rng)
    elif kind == "dense":
        yield "/kernel", _kernel((1, 1, fan, width), rng)[0, 0]
        yield "/bias", rng.normal(0.0, 0.1, width)
        return
    else:
        return
    for variable, draw_one in (
        ("gamma", lambda: rng.uniform(0.5, 1.5, width)),
        ("beta", lambda: rng.normal(0.0, 0.1, width)),
        ("moving_mean", lambda: rng.normal(0.0, 0.1, width)),
        ("moving_variance", lambda: rng.uniform(0.5, 1.5, width)),
    ):
        yield f".batch_norm_relu/{variable}", draw_one()


def _kernel(
    shape: tuple[int, int, int, int], rng: np.random.Generator
) -> NDArray[np.floating]:
    """Returns normal numbers that keep the size of what they are fed."""
    height, width, inputs, outputs = shape
    fan = height * width * (inputs if outputs > 1 else 1)
    return rng.normal(0.0, (2 / fan) ** 0.5, shape)
