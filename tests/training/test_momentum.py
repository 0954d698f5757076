"""At one rate, SGD with momentum is that of Keras, with L2 in the loss."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.training.momentum import MomentumOptimizer
from tests.training.samples import NETWORK, TRAINING, make_network

IMAGES = np.random.default_rng(0).normal(size=(8, 6, 6, 1)).astype(np.float32)
LABELS = np.arange(8)


def small_network():
    config = dataclasses.replace(NETWORK, num_channels=2, num_groups=1)
    return make_network(seed=1, config=config)


def is_kernel(variable):
    return variable.name == "kernel"


def gradients_of(model, *, weight_decay=0.0):
    """Returns the gradients of a loss with the L2 term written out."""
    with tf.GradientTape() as tape:
        logits = model(IMAGES, training=True)
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(LABELS, logits)
        )
        for variable in filter(is_kernel, model.trainable_variables):
            loss += weight_decay / 2 * tf.reduce_sum(variable.value**2)
    return tape.gradient(loss, [v.value for v in model.trainable_variables])


def apply(optimizer, gradients, rate=0.1):
    optimizer.apply(gradients, tf.constant(rate))


def assert_same_steps(rates, **training):
    """Takes a step at every rate with our optimizer and with Keras'."""
    ours, theirs = small_network(), small_network()
    config = dataclasses.replace(TRAINING, **training)
    optimizer = MomentumOptimizer(ours, config)
    sgd = keras.optimizers.SGD(momentum=config.momentum)
    start = ours.get_weights()
    for rate in rates:
        apply(optimizer, gradients_of(ours), rate)
        sgd.learning_rate = rate
        gradients = gradients_of(theirs, weight_decay=config.weight_decay)
        sgd.apply(gradients, theirs.trainable_variables)
    for name, before, found, expected in zip(
        [v.path for v in ours.variables],
        start,
        ours.get_weights(),
        theirs.get_weights(),
        strict=True,
    ):
        assert not np.array_equal(before, found), name
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("momentum", "weight_decay"),
    [(0.9, 0.0), (0.9, 3e-4), (0.9, 0.1), (0.0, 0.1)],
)
def test_several_steps_are_those_of_keras(momentum, weight_decay):
    assert_same_steps([0.1] * 4, momentum=momentum, weight_decay=weight_decay)


def test_a_lower_rate_slows_down_at_once():
    model = small_network()
    config = dataclasses.replace(TRAINING, weight_decay=0.0, momentum=0.5)
    optimizer = MomentumOptimizer(model, config)
    ones = [tf.ones(v.shape) for v in optimizer.variables]
    bias = model.get_layer("head.dense").bias
    place, velocity = 0.0, 0.0
    for rate in (1.0, 1.0, 0.1, 0.01):
        velocity = 0.5 * velocity + 1.0
        place -= rate * velocity
        apply(optimizer, ones, rate)
        np.testing.assert_allclose(bias.numpy(), place, rtol=1e-6)


def test_kernels_alone_decay():
    model = small_network()
    config = dataclasses.replace(TRAINING, weight_decay=0.5)
    optimizer = MomentumOptimizer(model, config)
    before = [v.numpy() for v in model.trainable_variables]
    apply(optimizer, [tf.zeros(v.shape) for v in optimizer.variables])
    kinds = set()
    for variable, then in zip(model.trainable_variables, before, strict=True):
        kinds.add(variable.name)
        share = 1 - 0.1 * 0.5 if is_kernel(variable) else 1
        np.testing.assert_allclose(variable.numpy(), share * then, rtol=1e-6)
    assert kinds == {"kernel", "gamma", "beta", "bias"}


def test_velocity_goes_on_until_it_is_forgotten():
    model = small_network()
    config = dataclasses.replace(TRAINING, weight_decay=0.0, momentum=0.5)
    optimizer = MomentumOptimizer(model, config)
    nothing = [tf.zeros(v.shape) for v in optimizer.variables]
    bias = model.get_layer("head.dense").bias
    assert np.array_equal(bias, np.zeros(10))
    apply(optimizer, [tf.ones(v.shape) for v in optimizer.variables], 1.0)
    apply(optimizer, nothing, 1.0)
    assert np.array_equal(bias, np.full(10, -1.5))
    optimizer.reset()
    apply(optimizer, nothing, 1.0)
    assert np.array_equal(bias, np.full(10, -1.5))


def test_moving_averages_are_left_alone():
    model = small_network()
    optimizer = MomentumOptimizer(model, TRAINING)
    assert len(optimizer.variables) == len(model.trainable_variables)
    before = [v.numpy() for v in model.non_trainable_variables]
    apply(optimizer, [tf.ones(v.shape) for v in optimizer.variables])
    after = [v.numpy() for v in model.non_trainable_variables]
    assert all(map(np.array_equal, before, after))
