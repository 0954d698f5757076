"""Batch norm taken into the convolutions before it.

In inference `gamma * (x - mean) / sqrt(variance + epsilon) + beta` is a scale
and an offset of every channel, which the kernel before it takes in.
"""

from typing import NamedTuple

import keras
import numpy as np
from numpy.typing import NDArray

from hnas_tf.plan import Plan
from hnas_tf.plan import plan as kinds

_Double = NDArray[np.float64]


class Weights(NamedTuple):
    """What an operation computes with, float32.

    Attributes:
        bias: [outputs].
        kernel: Of a convolution, [height, width, channels, outputs]; of the
            linear layer [channels, classes].
        depthwise: [height, width, channels, 1].
    """

    bias: NDArray[np.float32]
    kernel: NDArray[np.float32] | None = None
    depthwise: NDArray[np.float32] | None = None


def folded_weights(plan: Plan, model: keras.Model) -> dict[str, Weights]:
    """Returns the weights of every operation that has some, by its name.

    Args:
        plan: Of the network.
        model: The network, trained.
    """
    return {
        operation.name: _FOLD[operation.kind](operation.name, model)
        for operation in plan.operations
        if operation.kind in _FOLD
    }


def _convolution(name: str, model: keras.Model) -> Weights:
    scale, bias = _scale_and_bias(name, model)
    kernel = _kernel(model, f"{name}.conv") * scale
    return Weights(_single(bias), kernel=_single(kernel))


def _depthwise(name: str, model: keras.Model) -> Weights:
    scale, bias = _scale_and_bias(name, model)
    kernel = _array(model, f"{name}.depthwise", "kernel")
    kernel = kernel * scale[:, np.newaxis]
    return Weights(_single(bias), depthwise=_single(kernel))


def _separable(name: str, model: keras.Model) -> Weights:
    """Folds into the pointwise half, which batch norm follows."""
    scale, bias = _scale_and_bias(name, model)
    return Weights(
        _single(bias),
        kernel=_single(_kernel(model, f"{name}.pointwise") * scale),
        depthwise=_single(_array(model, f"{name}.depthwise", "kernel")),
    )


def _linear(name: str, model: keras.Model) -> Weights:
    bias, kernel = _array(model, name, "bias"), _array(model, name, "kernel")
    return Weights(_single(bias), kernel=_single(kernel))


def _scale_and_bias(name: str, model: keras.Model) -> tuple[_Double, _Double]:
    """Returns what the batch norm of an operation does in inference."""
    layer = f"{name}.batch_norm_relu"
    deviation = np.sqrt(
        _array(model, layer, "moving_variance") + model.get_layer(layer).epsilon
    )
    scale = _array(model, layer, "gamma") / deviation
    offset = _array(model, layer, "moving_mean") * scale
    return scale, _array(model, layer, "beta") - offset


def _kernel(model: keras.Model, layer: str) -> _Double:
    """Returns a kernel; that of a 1x1 convolution may be a matrix."""
    array = _array(model, layer, "kernel")
    return array if array.ndim == 4 else array[np.newaxis, np.newaxis]


def _array(model: keras.Model, layer: str, variable: str) -> _Double:
    array: NDArray[np.float32] = getattr(
        model.get_layer(layer), variable
    ).numpy()
    return array.astype(np.float64)


def _single(array: _Double) -> NDArray[np.float32]:
    return array.astype(np.float32)


_FOLD = {
    kinds.STEM_CONV: _convolution,
    "conv_1x1": _convolution,
    "depthwise_conv_3x3": _depthwise,
    "separable_conv_3x3": _separable,
    kinds.DENSE: _linear,
}
