"""What a training and an evaluation ask of their pictures."""

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hnas_tf.data import Description
from hnas_tf.training.replica import Replica

Drawn = tuple[Any, ...]
"""What `strategy.run` is handed: tensors, or one per replica."""


class TrainingData(Protocol):
    """Batches to train on; their order is a pure function of seed and step.

    Attributes:
        description: Of the dataset.
    """

    description: Description

    def start(self, seed: tuple[int, int], step: int) -> Any:
        """Returns what `draw` draws from, from a step on."""

    def draw(self, source: Any, step: tf.Tensor, seed: tf.Tensor) -> Drawn:
        """Returns the batch of a step, outside of the replicas."""

    def batch(
        self, drawn: Drawn, replica: Replica
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns a replica's images, uint8, and labels, int32."""


class DrawnPictures(Protocol):
    """What a replica sees of what was drawn.

    Attributes:
        description: Of the dataset.
    """

    description: Description

    def images(self, drawn: Drawn, replica: Replica) -> tf.Tensor:
        """Returns a replica's images, uint8."""


class EvaluationData(DrawnPictures, Protocol):
    """All pictures of a split, in order."""

    @property
    def labels(self) -> NDArray[np.int32]:
        """int32 [pictures]."""

    def batches(self) -> Iterator[Drawn]:
        """Yields batches of one size; what fills up the last is left out."""

    def at(self, positions: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Returns the pictures at positions, which rise, as all are seen."""
