"""The training loop: one compiled step, for any number of repeats."""

import keras
import numpy as np
import tensorflow as tf

from hnas_tf.config import TrainingConfig
from hnas_tf.data.preprocessing import normalize
from hnas_tf.networks import initialize
from hnas_tf.training.augmentation import augment
from hnas_tf.training.device_data import DeviceData, shuffled_indices
from hnas_tf.training.momentum import MomentumOptimizer
from hnas_tf.training.schedule import learning_rate


class Trainer:
    """Trains one network from scratch, as often as it is reset.

    The steps run in a loop inside of one `tf.function`, over `strategy.run`.
    Seed and step are variables, so that a repeat traces nothing anew.
    """

    def __init__(
        self,
        model: keras.Model,
        data: DeviceData,
        config: TrainingConfig,
        strategy: tf.distribute.Strategy,
    ) -> None:
        """Takes a network that was built in the strategy's scope."""
        self._model = model
        self._data = data
        self._config = config
        self._strategy = strategy
        with strategy.scope():
            self._optimizer = MomentumOptimizer(model, config)
            self._step = tf.Variable(0, dtype=tf.int64, trainable=False)
            self._seed = tf.Variable([0, 0], dtype=tf.int32, trainable=False)

    def reset(self, seed: tuple[int, ...]) -> None:
        """Starts another training; equal seeds give equal ones.

        Args:
            seed: Whole numbers of at least 0.
        """
        initialize(self._model, [*seed, 0])
        self._optimizer.reset()
        self._step.assign(0)
        rng = np.random.default_rng([*seed, 1])
        self._seed.assign(rng.integers(2**31, size=2, dtype=np.int32))

    def trace(self) -> None:
        """Makes the graph of a step, which the first `run` else would do."""
        self._run(tf.constant(0))

    def run(self, num_steps: int) -> float:
        """Trains on for so many steps and returns their mean loss."""
        total = self._run(tf.constant(num_steps))
        return float(total) / num_steps

    # Without AutoGraph, which warns on Python 3.13.
    @tf.function(autograph=False)
    def _run(self, num_steps: tf.Tensor) -> tf.Tensor:
        def step(count: tf.Tensor, total: tf.Tensor) -> tuple[tf.Tensor, ...]:
            return count + 1, total + self._strategy.run(self._train_step)

        _, total = tf.while_loop(
            lambda count, _: count < num_steps, step, (0, tf.zeros([]))
        )
        return total

    def _train_step(self) -> tf.Tensor:
        """Takes one step and returns its loss, weight decay left out."""
        indices = shuffled_indices(
            self._step,
            self._seed,
            batch_size=self._config.batch_size,
            num_examples=self._data.num_examples,
        )
        labels = tf.gather(self._data.labels, indices)
        images = tf.gather(self._data.images, indices)
        step = tf.cast(self._step, tf.int32)
        seed = tf.random.experimental.stateless_fold_in(self._seed, step)
        images = augment(images, seed, self._config)
        images = normalize(images, self._data.description)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(self._optimizer.variables)
            logits = self._model(images, training=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels, logits
            )
            loss = tf.reduce_sum(losses) / self._config.batch_size
        self._optimizer.apply(
            tape.gradient(loss, self._optimizer.variables),
            learning_rate(self._step, self._config),
        )
        self._step.assign_add(1)
        return loss
