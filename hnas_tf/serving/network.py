"""A trained network, folded: what is exported, in whatever format."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import tensorflow as tf

from hnas_tf.data import Description
from hnas_tf.plan import Plan, make_plan, normalize
from hnas_tf.serving.body import compute_logits
from hnas_tf.serving.encoded import guarded
from hnas_tf.serving.folding import Weights, folded_weights
from hnas_tf.training.streamed import evaluation_decoder
from hnas_tf.training.trained import Trained

_NO_SEED = (0, 0)  # An evaluation draws nothing.


@dataclass(frozen=True)
class FoldedNetwork:
    """A network without Keras, and how its pictures are read.

    Attributes:
        plan: Of the network, normalized.
        weights: Of its operations, by name.
        description: Of the pictures that it was trained on.
        decode: As of `decoder_of`.
    """

    plan: Plan
    weights: dict[str, Weights]
    description: Description
    decode: Callable[[tf.Tensor], tf.Tensor]

    def logits(self, images: tf.Tensor) -> tf.Tensor:
        """Returns float32 [batch, classes].

        Args:
            images: float32 [batch, height, width, channels], as stored.
        """
        return compute_logits(images, self.plan, self.weights, self.description)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of a picture."""
        description = self.description
        return (*description.image_size, description.image_channels)

    @property
    def num_bytes(self) -> int:
        """How large all weights are together."""
        return sum(
            array.nbytes
            for weights in self.weights.values()
            for array in weights
            if array is not None
        )

    def with_variables(self) -> "FoldedNetwork":
        """Returns the network with variables instead of arrays."""
        weights = {
            name: Weights(*map(_variable, some))
            for name, some in self.weights.items()
        }
        return replace(self, weights=weights)


def _variable(array: Any) -> Any:
    return None if array is None else tf.Variable(array)


def decoder_of(trained: Trained) -> Callable[[tf.Tensor], tf.Tensor]:
    """Returns how a network sees a picture: as in evaluation, if not too large.

    The decoder makes encoded bytes, string [], uint8 [height, width, channels].
    """
    decode = evaluation_decoder(trained.description, trained.config.training)
    return guarded(lambda record: decode(record, tf.constant(_NO_SEED)))


def fold(trained: Trained) -> FoldedNetwork:
    """Returns a trained network, folded."""
    plan = normalize(make_plan(trained.genotype, trained.config.network))
    return FoldedNetwork(
        plan=plan,
        weights=folded_weights(plan, trained.model),
        description=trained.description,
        decode=decoder_of(trained),
    )
