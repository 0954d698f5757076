"""Where the variables of a network start, for the first and every repeat."""

from collections.abc import Callable, Iterator, Sequence
from math import prod
from operator import attrgetter

import keras
import numpy as np
from numpy.typing import NDArray

from hnas_tf.networks.convolutions import DepthwiseConv, PointwiseConv

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

    Args:
        model: Of `build_plan`.
        seed: As of `initial_values`.
    """
    for variable, value in initial_values(model, seed):
        variable.assign(value)


def initial_values(
    model: keras.Model, seed: Sequence[int]
) -> list[tuple[keras.Variable, Array]]:
    """Returns all variables of a network, and where a training starts.

    Kernels are normal with the variance 2 / fan-in (He et al. 2015), that of
    the logits 1 / fan-in; the paper does not say. The fan-in of a depthwise
    kernel is that of one channel.

    Args:
        model: Of `build_plan`.
        seed: Whole numbers of at least 0; equal seeds give equal values.
    """
    rng = np.random.default_rng(seed)
    return [
        (variable, _initial_value(layer, variable, rng))
        for layer, variable in _in_order(model)
    ]


def ordered_variables(model: keras.Model) -> list[keras.Variable]:
    """Returns all variables of a network, in the order of `initial_values`."""
    return [variable for _, variable in _in_order(model)]


def _in_order(
    model: keras.Model,
) -> Iterator[tuple[keras.Layer, keras.Variable]]:
    """Yields layers and variables in the order of the layers' names.

    It is one order for a network that is optimized and one that is not; theirs
    in Keras' graph is another.
    """
    for layer in sorted(model.layers, key=attrgetter("name")):
        for variable in layer.variables:
            yield layer, variable


def _initial_value(
    layer: keras.Layer, variable: keras.Variable, rng: np.random.Generator
) -> Array:
    if variable.name == "kernel":
        return _KERNELS[type(layer)](variable.shape, rng)
    return np.full(variable.shape, _CONSTANTS[variable.name], np.float32)


def _normal(
    shape: tuple[int, ...], variance: float, rng: np.random.Generator
) -> Array:
    values = rng.standard_normal(shape, dtype=np.float32)
    return values * np.float32(variance**0.5)


def _convolution(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    return _normal(shape, 2 / prod(shape[:-1]), rng)


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
    PointwiseConv: _convolution,
    DepthwiseConv: _depthwise,
}
