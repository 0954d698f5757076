"""At one rate, SGD with momentum is that of Keras, with L2 in the loss."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.networks.flat import FlatNetwork
from hnas_tf.networks.initialization import ordered_variables
from hnas_tf.training.momentum import MomentumOptimizer
from tests.training.samples import NETWORK, TRAINING, make_network

IMAGES = np.random.default_rng(0).normal(size=(8, 6, 6, 1)).astype(np.float32)
LABELS = np.arange(8)


def small_network():
    config = dataclasses.replace(NETWORK, num_channels=2, num_groups=1)
    return make_network(seed=1, config=config)


def flat_network():
    network = FlatNetwork(small_network())
    network.initialize([1])
    return network


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


def flattened(network, gradients):
    """Returns gradients of a model's trainable variables as two vectors."""
    variables = network.model.trainable_variables
    of_variable = {
        id(v): tf.reshape(gradient, [-1])
        for v, gradient in zip(variables, gradients, strict=True)
    }
    trained = [v for v in ordered_variables(network.model) if v.trainable]
    return [
        tf.concat([of_variable[id(v)] for v in trained if wanted(v)], axis=0)
        for wanted in (is_kernel, lambda v: not is_kernel(v))
    ]


def alike(network, value):
    """Returns gradients that are everywhere the same."""
    return [
        tf.fill(vector.shape, value)
        for vector in (network.kernels, network.others)
    ]


def apply(optimizer, gradients, rate=0.1):
    optimizer.apply(gradients, tf.constant(rate))


def assert_same_steps(rates, **training):
    """Takes a step at every rate with our optimizer and with Keras'."""
    network, theirs = flat_network(), small_network()
    ours = network.model
    config = dataclasses.replace(TRAINING, **training)
    optimizer = MomentumOptimizer(network, config)
    sgd = keras.optimizers.SGD(momentum=config.momentum)
    start = ours.get_weights()
    for rate in rates:
        gradients = gradients_of(ours)
        averages = [v.numpy() for v in ours.non_trainable_variables]
        apply(optimizer, flattened(network, gradients), rate)
        network.to_model()
        # A model that is called keeps averages of its own.
        for variable, value in zip(
            ours.non_trainable_variables, averages, strict=True
        ):
            variable.assign(value)
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
    network = flat_network()
    config = dataclasses.replace(TRAINING, weight_decay=0.0, momentum=0.5)
    optimizer = MomentumOptimizer(network, config)
    start = network.others.numpy()
    way, velocity = 0.0, 0.0
    for rate in (1.0, 1.0, 0.1, 0.01):
        velocity = 0.5 * velocity + 1.0
        way += rate * velocity
        apply(optimizer, alike(network, 1.0), rate)
        np.testing.assert_allclose(network.others, start - way, rtol=1e-6)


def test_kernels_alone_decay():
    network = flat_network()
    config = dataclasses.replace(TRAINING, weight_decay=0.5)
    kernels, others = network.kernels.numpy(), network.others.numpy()
    apply(MomentumOptimizer(network, config), alike(network, 0.0))
    np.testing.assert_allclose(
        network.kernels, (1 - 0.1 * 0.5) * kernels, rtol=1e-6
    )
    assert np.array_equal(network.others, others)
    assert set(others) == {0.0, 1.0}


def test_velocity_goes_on_until_it_is_forgotten():
    network = flat_network()
    config = dataclasses.replace(TRAINING, weight_decay=0.0, momentum=0.5)
    optimizer = MomentumOptimizer(network, config)
    start = network.others.numpy()
    apply(optimizer, alike(network, 1.0), 1.0)
    apply(optimizer, alike(network, 0.0), 1.0)
    assert np.array_equal(network.others, start - 1.5)
    optimizer.reset()
    apply(optimizer, alike(network, 0.0), 1.0)
    assert np.array_equal(network.others, start - 1.5)


def test_moving_averages_are_left_alone():
    network = flat_network()
    before = network.averages.numpy()
    apply(MomentumOptimizer(network, TRAINING), alike(network, 1.0))
    assert np.array_equal(network.averages, before)
