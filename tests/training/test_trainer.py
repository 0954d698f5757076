"""Training from scratch, as often as it is reset."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.data.preprocessing import normalize
from hnas_tf.data.splits import TRAIN, VALIDATION
from hnas_tf.training import metrics
from hnas_tf.training.evaluation import make_logits
from hnas_tf.training.trainer import Trainer
from tests.training.samples import (
    DIGITS,
    TRAINING,
    digits,
    digits_data,
    make_network,
    one_device,
    toy_data,
)


class Training:
    """A network, its trainer, and its accuracy."""

    def __init__(self, config=TRAINING, data=None):
        self.model = make_network()
        strategy = one_device()
        data = data or digits_data(TRAIN, batch_size=config.batch_size)
        self.trainer = Trainer(self.model, data, config, strategy)
        held_out = digits_data(VALIDATION, batch_size=200)
        self._logits = make_logits(
            self.trainer.network.infer, held_out, strategy
        )
        self._labels = held_out.labels

    def accuracy(self):
        return metrics.accuracy(self._logits(), self._labels)

    def repeat(self, seed, *, portions=(5, 5)):
        """Trains anew and returns the losses and all variables."""
        self.trainer.reset(seed)
        losses = [self.trainer.run(size)[0] for size in portions]
        return losses, self.weights()

    def weights(self):
        """Returns all variables, as they now are."""
        self.trainer.network.to_model()
        return self.model.get_weights()


def equal(some, others):
    return all(map(np.array_equal, some, others))


@pytest.fixture(scope="module")
def training():
    return Training()


def test_the_loss_falls_and_the_digits_are_learned():
    training = Training(
        dataclasses.replace(
            TRAINING, num_steps=100, decay_fractions=(0.5,), padding=0
        )
    )
    training.trainer.reset((1, 1))
    assert training.accuracy() < 0.3
    first, *_, last = [training.trainer.run(20)[0] for _ in range(5)]
    assert 1.5 < first < 4
    assert last < first / 2
    assert training.accuracy() > 0.6


def test_equal_seeds_repeat_to_the_bit(training):
    losses, variables = training.repeat((3, 1))
    accuracy = training.accuracy()
    others, other_variables = training.repeat((3, 2))
    again, variables_again = training.repeat((3, 1))
    assert losses == again
    assert equal(variables, variables_again)
    assert training.accuracy() == accuracy
    assert losses != others
    assert not any(map(np.array_equal, variables, other_variables))


def test_a_repeat_traces_nothing_anew():
    training = Training()
    training.trainer.trace()
    for seed, portions in (((1,), (1, 3)), ((2, 3), (2,)), ((4, 5, 6), (1, 1))):
        training.repeat(seed, portions=portions)
        assert training.trainer._run.experimental_get_tracing_count() == 1


def test_tracing_takes_no_step(training):
    losses, variables = training.repeat((6,))
    training.trainer.reset((6,))
    training.trainer.trace()
    again = [training.trainer.run(5)[0] for _ in range(2)]
    assert losses == again
    assert equal(variables, training.weights())


def test_portions_do_not_change_a_training(training):
    whole, variables = training.repeat((7,), portions=(6,))
    losses, in_portions = training.repeat((7,), portions=(1, 3, 2))
    assert equal(variables, in_portions)
    mean = np.average(losses, weights=[1, 3, 2])
    assert whole[0] == pytest.approx(mean, rel=1e-5)


def test_one_step_is_a_step_of_gradient_descent():
    # The batch is the whole split, so that order does not matter.
    images, labels = digits(TRAIN)
    config = dataclasses.replace(
        TRAINING,
        batch_size=len(labels),
        padding=0,
        learning_rate=0.05,
        weight_decay=0.01,
    )
    training = Training(config)
    training.trainer.reset((8,))
    model = make_network()
    model.set_weights(training.weights())
    variables = model.trainable_variables
    with tf.GradientTape() as tape:
        logits = model(normalize(images, DIGITS), training=True)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        loss = tf.reduce_mean(losses)
    gradients = tape.gradient(loss, [v.value for v in variables])
    for variable, gradient in zip(variables, gradients, strict=True):
        decay = 0.01 * variable if variable.name == "kernel" else 0.0
        variable.assign(variable - 0.05 * (gradient + decay))

    assert training.trainer.run(1)[0] == pytest.approx(float(loss), rel=1e-4)
    for found, expected in zip(
        training.weights(), model.get_weights(), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(("padding", "differ"), [(0, False), (2, True)])
def test_every_step_crops_anew(padding, differ):
    # Of one image many times, so that order does not matter.
    images, labels = digits(VALIDATION)
    data = toy_data(
        images[:1].repeat(32, axis=0), labels[:1].repeat(32), batch_size=32
    )
    config = dataclasses.replace(
        TRAINING, batch_size=32, padding=padding, learning_rate=1e-30
    )
    # Nothing is learned: losses differ by what is done to the images.
    losses, _ = Training(config, data).repeat((9,), portions=(1, 1, 1, 1))
    assert (np.ptp(losses) > 1e-3) == differ


def test_a_batch_may_be_larger_than_the_split():
    images, labels = digits(VALIDATION)
    training = Training(
        TRAINING, toy_data(images[:50], labels[:50], batch_size=64)
    )
    losses, _ = training.repeat((10,), portions=(1, 1))
    assert np.isfinite(losses).all()


def test_the_learning_rate_falls_with_the_share_of_the_training():
    config = dataclasses.replace(
        TRAINING, num_steps=4, decay_fractions=(0.5,), momentum=0.0
    )
    training = Training(dataclasses.replace(config, weight_decay=0.0))
    training.trainer.reset((11,))
    moved = []
    for _ in range(4):
        before = training.trainer.network.kernels.numpy()
        training.trainer.run(1)
        after = training.trainer.network.kernels.numpy()
        moved.append(np.abs(after - before).sum())
    assert min(moved[:2]) > 3 * max(moved[2:])
