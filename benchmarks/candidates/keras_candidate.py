"""What candidates that are Keras models have in common."""

import math

import keras
import numpy as np
from numpy.typing import NDArray


class KerasCandidate:
    """A Keras model that can be compared with others."""

    def __init__(self, model: keras.Model) -> None:
        self._model = model

    def num_parameters(self) -> int:
        return sum(math.prod(v.shape) for v in self._model.trainable_variables)

    def load(self, weights: dict[str, NDArray[np.float32]]) -> None:
        for layer in self._model.layers:
            for variable in layer.variables:
                value = weights[f"{layer.name}/{variable.name}"]
                # Of ours, the kernel of a 1x1 convolution is a matrix.
                variable.assign(value.reshape(variable.shape))

    def logits(
        self, images: NDArray[np.float32], *, training: bool
    ) -> NDArray[np.float32]:
        found: NDArray[np.float32] = self._model(
            images, training=training
        ).numpy()
        return found
