"""SGD with momentum and an L2 weight decay inside the gradient."""

from collections.abc import Sequence

import tensorflow as tf

from hnas_tf.config import TrainingConfig
from hnas_tf.networks.flat import FlatNetwork


class MomentumOptimizer:
    """Updates what is trained of one network.

    A velocity sums gradients, and the learning rate scales the step. Keras'
    SGD, whose velocity sums steps, goes on at the old rate for a while after a
    decay, which costs a short training 2 % of accuracy; and its weight decay is
    decoupled.

    Attributes:
        velocities: Of the kernels, and of the others.
    """

    def __init__(self, network: FlatNetwork, config: TrainingConfig) -> None:
        self._network = network
        self._config = config
        self.velocities = [
            tf.Variable(tf.zeros(variable.shape), trainable=False)
            for variable in (network.kernels, network.others)
        ]

    def reset(self) -> None:
        """Forgets all velocity."""
        for velocity in self.velocities:
            velocity.assign(tf.zeros(velocity.shape))

    def apply(
        self, gradients: Sequence[tf.Tensor], learning_rate: tf.Tensor
    ) -> None:
        """Takes a step along the gradients of the kernels and of the others.

        In a replica: each updates its own copies, alike.
        """
        of_kernels, of_others = gradients
        kernels, others = self._network.kernels, self._network.others
        # Kernels alone decay: an offset or a scale cannot overfit much.
        of_kernels += self._config.weight_decay * kernels
        for variable, velocity, gradient in zip(
            (kernels, others),
            self.velocities,
            (of_kernels, of_others),
            strict=True,
        ):
            tf.raw_ops.ResourceApplyMomentum(
                var=variable.handle,
                accum=velocity.handle,
                lr=learning_rate,
                grad=gradient,
                momentum=self._config.momentum,
            )
