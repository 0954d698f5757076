"""The training loop: one compiled step, for any number of repeats."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from hnas_tf.config import TrainingConfig
from hnas_tf.data.preprocessing import normalize
from hnas_tf.networks.devices import device_kind
from hnas_tf.networks.flat import FlatNetwork
from hnas_tf.training.augmentation import RANDOM, augment
from hnas_tf.training.data import Drawn, TrainingData
from hnas_tf.training.momentum import MomentumOptimizer
from hnas_tf.training.replica import first, require_divisible, this_replica
from hnas_tf.training.schedule import learning_rate
from hnas_tf.training.strategy import compiled


class Trainer:
    """Trains one network from scratch, as often as it is reset.

    The steps run in a loop inside of one `tf.function`, over `strategy.run`.
    Step and seed are tensors, so that a repeat traces nothing anew.

    Attributes:
        network: With the variables of the training.
        step: The steps taken.
        checkpoint: Of all variables that a training changes.
    """

    def __init__(
        self,
        model: keras.Model,
        data: TrainingData,
        config: TrainingConfig,
        strategy: tf.distribute.Strategy,
    ) -> None:
        """Takes a network that was built in the strategy's scope.

        Raises:
            InvalidError: if the replicas cannot share a batch evenly.
        """
        require_divisible(config.batch_size, strategy)
        self._data = data
        self._config = config
        self._strategy = strategy
        with strategy.scope():
            self.network = FlatNetwork(model)
            self._optimizer = MomentumOptimizer(self.network, config)
        self._on_tpu = device_kind(strategy) == "tpu"
        self._step = compiled(self.train_step, strategy)
        self.step = 0
        self._seed = (0, 0)
        self._source: Any = None
        self.checkpoint = tf.train.Checkpoint(
            kernels=self.network.kernels,
            others=self.network.others,
            averages=self.network.averages,
            velocities=self._optimizer.velocities,
        )

    def reset(self, seed: tuple[int, ...]) -> None:
        """Starts another training; equal seeds give equal ones.

        Args:
            seed: Whole numbers of at least 0.
        """
        self.network.initialize([*seed, 0])
        self._optimizer.reset()
        rng = np.random.default_rng([*seed, 1])
        first, second = rng.integers(2**31, size=2).tolist()
        self._seed = (first, second)
        self.go_on_from(0)

    def go_on_from(self, step: int) -> None:
        """Continues after so many steps, with the variables as they are."""
        self.step = step
        self._source = self._data.start(self._seed, step)

    def trace(self) -> None:
        """Makes the graph of a step, which the first `run` else would do."""
        if self._source is None:
            self.go_on_from(self.step)
        self._run_steps(0)

    def run(self, num_steps: int) -> tuple[float, float]:
        """Trains on for so many steps.

        Returns:
            Their mean loss, and the accuracy on what they trained on.
        """
        totals = self._run_steps(num_steps)
        self.step += num_steps
        loss, accuracy = (totals / num_steps).tolist()
        return loss, accuracy

    def _run_steps(self, num_steps: int) -> Any:
        return self._run(
            tf.constant(num_steps, tf.int64),
            tf.constant(self.step, tf.int64),
            tf.constant(self._seed, tf.int32),
            self._source,
        ).numpy()

    # Without AutoGraph, which warns on Python 3.13.
    @tf.function(autograph=False)
    def _run(
        self,
        num_steps: tf.Tensor,
        start: tf.Tensor,
        seed: tf.Tensor,
        source: Any,
    ) -> tf.Tensor:
        """Returns the sums of loss and accuracy over the steps, [2]."""

        def body(
            step: tf.Tensor, totals: tf.Tensor
        ) -> tuple[tf.Tensor, tf.Tensor]:
            drawn = self._data.draw(source, step, seed)
            figures = self._strategy.run(self._step, (step, seed, drawn))
            return step + 1, totals + first(figures, self._strategy)

        _, totals = tf.while_loop(
            lambda step, _: step < start + num_steps,
            body,
            (start, tf.zeros([2])),
        )
        return totals

    def train_step(
        self, step: tf.Tensor, seed: tf.Tensor, drawn: Drawn
    ) -> tf.Tensor:
        """Takes one step, in a replica.

        Args:
            step: Its number, int64 [].
            seed: Of the training, int32 [2].
            drawn: What `draw` of the data gave for it.

        Returns:
            Loss (without decay) and accuracy, [2].
        """
        replica = this_replica()
        images, labels = self._data.batch(drawn, replica)
        seed = tf.random.experimental.stateless_fold_in(
            seed, tf.cast(step, tf.int32), alg=RANDOM
        )
        images = augment(
            images, seed, self._config, replica=replica, on_tpu=self._on_tpu
        )
        images = normalize(images, self._data.description)
        trained = [
            tf.convert_to_tensor(self.network.kernels),
            tf.convert_to_tensor(self.network.others),
        ]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(trained)
            logits, averages = self.network.train(images, *trained)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels, logits
            )
            loss = tf.reduce_sum(losses) / self._config.batch_size
        gradients = tape.gradient(loss, trained)
        figures = tf.stack([loss, self._share_correct(logits, labels)])
        figures, *gradients = replica.sums([figures, *gradients])
        self._optimizer.apply(gradients, learning_rate(step, self._config))
        self.network.averages.assign(averages)
        return figures

    def _share_correct(self, logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        predicted = tf.argmax(logits, axis=1, output_type=tf.int32)
        correct = tf.cast(predicted == labels, tf.float32)
        return tf.reduce_sum(correct) / self._config.batch_size
