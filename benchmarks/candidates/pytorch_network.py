"""The network of a plan, in PyTorch."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from benchmarks.candidates.workload import (
    BATCH_NORM_EPSILON,
    BATCH_NORM_MOMENTUM,
)

Weights = dict[str, NDArray[np.float32]]


class Network(nn.Module):
    """Images [batch, channels, height, width] -> logits [batch, classes]."""

    def __init__(self, plan: list[list[Any]]) -> None:
        super().__init__()
        self._inputs = [inputs for _, inputs, *_ in plan]
        # What is read no more is let go, as in a network written by hand.
        last_reader = {
            place: reader
            for reader, inputs in enumerate(self._inputs)
            for place in inputs
        }
        self._done: list[list[int]] = [[] for _ in plan]
        for place, reader in last_reader.items():
            self._done[reader].append(place)
        self._operations = nn.ModuleList(
            _LAYERS[kind](plan[inputs[0]][2], width, stride, name)
            for kind, inputs, width, stride, name in plan[1:]
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        values = {0: images}
        value = images
        for place, operation in enumerate(self._operations, 1):
            value = operation(*(values[i] for i in self._inputs[place]))
            values[place] = value
            for done in self._done[place]:
                del values[done]
        return value

    @torch.no_grad()
    def load(self, weights: Weights) -> None:
        for operation in self._operations:
            if hasattr(operation, "load"):
                operation.load(weights)


class _Convolution(nn.Module):
    """Convolutions one after another, then batch norm and ReLU."""

    def __init__(self, name: str, **convolutions: nn.Module) -> None:
        super().__init__()
        self._name = name
        self._convolutions = nn.ModuleDict(convolutions)
        width = list(convolutions.values())[-1].out_channels
        self._batch_norm = nn.BatchNorm2d(
            width, eps=BATCH_NORM_EPSILON, momentum=1 - BATCH_NORM_MOMENTUM
        )

    def forward(self, value: torch.Tensor) -> torch.Tensor:
        for convolution in self._convolutions.values():
            value = convolution(value)
        return functional.relu(self._batch_norm(value), inplace=True)

    def load(self, weights: Weights) -> None:
        for part, convolution in self._convolutions.items():
            kernel = weights[f"{self._name}.{part}/kernel"]
            # A depthwise kernel's channels are groups: outputs, not inputs.
            order = (2, 3, 0, 1) if part == "depthwise" else (3, 2, 0, 1)
            _set(convolution.weight, kernel.transpose(order))
        norm = self._batch_norm
        for tensor, variable in (
            (norm.weight, "gamma"),
            (norm.bias, "beta"),
            (norm.running_mean, "moving_mean"),
            (norm.running_var, "moving_variance"),
        ):
            _set(tensor, weights[f"{self._name}.batch_norm_relu/{variable}"])


class _SameConvolution(nn.Conv2d):
    """A 3x3 convolution of stride 2 that pads as TensorFlow does.

    An even size gets a line at its end alone.
    """

    def forward(self, value: torch.Tensor) -> torch.Tensor:
        (top, bottom), (left, right) = map(_padding, value.shape[2:])
        return super().forward(
            functional.pad(value, (left, right, top, bottom))
        )


def _padding(size: int) -> tuple[int, int]:
    total = 2 - (size + 1) % 2
    return total // 2, total - total // 2


class _Concatenation(nn.Module):
    def forward(self, *values: torch.Tensor) -> torch.Tensor:
        return torch.cat(values, dim=1)


class _GlobalAverage(nn.Module):
    def forward(self, value: torch.Tensor) -> torch.Tensor:
        return value.mean(dim=(2, 3))


class _Dense(nn.Linear):
    def __init__(self, inputs: int, outputs: int, name: str) -> None:
        super().__init__(inputs, outputs)
        self._name = name

    def load(self, weights: Weights) -> None:
        _set(self.weight, weights[f"{self._name}/kernel"].T)
        _set(self.bias, weights[f"{self._name}/bias"])


def _set(tensor: torch.Tensor, value: NDArray[np.float32]) -> None:
    tensor.copy_(torch.from_numpy(np.ascontiguousarray(value)))


def _depthwise(fan: int, stride: int) -> nn.Conv2d:
    if stride == 1:
        return nn.Conv2d(fan, fan, 3, padding=1, groups=fan, bias=False)
    return _SameConvolution(fan, fan, 3, stride, groups=fan, bias=False)


def _dense_convolution(size: int) -> Callable[..., nn.Module]:
    def build(fan: int, width: int, stride: int, name: str) -> nn.Module:
        padding = size // 2
        conv = nn.Conv2d(fan, width, size, stride, padding, bias=False)
        return _Convolution(name, conv=conv)

    return build


def _separable(fan: int, width: int, stride: int, name: str) -> nn.Module:
    pointwise = nn.Conv2d(fan, width, 1, bias=False)
    return _Convolution(
        name, depthwise=_depthwise(fan, stride), pointwise=pointwise
    )


_LAYERS: dict[str, Callable[..., nn.Module]] = {
    "conv_3x3": _dense_convolution(3),
    "conv_1x1": _dense_convolution(1),
    "depthwise_conv_3x3": lambda fan, width, stride, name: _Convolution(
        name, depthwise=_depthwise(fan, stride)
    ),
    "separable_conv_3x3": _separable,
    "max_pool_3x3": lambda *_: nn.MaxPool2d(3, stride=1, padding=1),
    "avg_pool_3x3": lambda *_: nn.AvgPool2d(
        3, stride=1, padding=1, count_include_pad=False
    ),
    "identity": lambda *_: nn.Identity(),
    "concatenate": lambda *_: _Concatenation(),
    "global_avg_pool": lambda *_: _GlobalAverage(),
    "dense": lambda fan, width, _, name: _Dense(fan, width, name),
}
