"""Where the variables of a network start, for the first and every repeat."""

from collections.abc import Callable, Sequence

import keras
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

_CONSTANTS = {
    "gamma": 1.0,
    "beta": 0.0,
    "bias": 0.0,
    "moving_mean": 0.0,
    "moving_variance": 1.0,
}


def initialize(model: keras.Model, seed: Sequence[int]) -> None:
    """Sets every variable of a network to where a training starts.

    Kernels are normal with the variance 2 / fan-in (He et al. 2015), that of
    the logits 1 / fan-in; the paper does not say. The fan-in of a depthwise
    kernel is that of one channel.

    Args:
        model: Of `build_plan`.
        seed: Whole numbers of at least 0; equal seeds give equal values.
    """
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        for variable in layer.variables:
            draw = _KERNELS.get(type(layer), _convolution)
            variable.assign(
                draw(variable.shape, rng)
                if variable.name == "kernel"
                else np.full(variable.shape, _CONSTANTS[variable.name])
            )


def _normal(
    shape: tuple[int, ...], variance: float, rng: np.random.Generator
) -> Array:
    values = rng.standard_normal(shape, dtype=np.float32)
    return values * np.float32(variance**0.5)


def _convolution(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    height, width, channels, _ = shape
    return _normal(shape, 2 / (height * width * channels), rng)


def _depthwise(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    height, width, _, _ = shape
    return _normal(shape, 2 / (height * width), rng)


def _dense(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    return _normal(shape, 1 / shape[0], rng)


_KERNELS: dict[
    type, Callable[[tuple[int, ...], np.random.Generator], Array]
] = {
    keras.layers.Conv2D: _convolution,
    keras.layers.DepthwiseConv2D: _depthwise,
    keras.layers.Dense: _dense,
}
