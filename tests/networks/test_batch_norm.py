"""Batch normalization with ReLU is that of Keras, to rounding."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.networks.batch_norm import BatchNormRelu

SHAPES = [(8, 5, 4, 3), (2, 1, 1, 6), (3, 9, 7, 40), (1, 1, 1, 2)]
MOMENTA = [0.9, 0.99, 0.0]


def images_of(shape, seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(0.3 * seed, 1 + seed, size=shape)
    return tf.constant(values, tf.float32)


def make_pair(shape, momentum):
    """Returns our layer and Keras' two, with equal random variables."""
    ours = BatchNormRelu(momentum)
    theirs = keras.layers.BatchNormalization(momentum=momentum, epsilon=1e-3)
    rng = np.random.default_rng(1)
    values = [rng.uniform(0.5, 2, size=shape[-1]) for _ in range(4)]
    for layer in (ours, theirs):
        layer.build(shape)
        layer.set_weights(values)
    return ours, lambda *args, **kwargs: tf.nn.relu(theirs(*args, **kwargs))


def averages_of(layer):
    return {v.name: v.numpy() for v in layer.non_trainable_variables}


@pytest.mark.parametrize("shape", SHAPES)
def test_outputs_with_moving_averages_are_those_of_keras(shape):
    ours, theirs = make_pair(shape, 0.9)
    images = images_of(shape, 0)
    np.testing.assert_allclose(
        ours(images), theirs(images, training=False), rtol=1e-5, atol=1e-5
    )


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("momentum", MOMENTA)
def test_outputs_and_averages_of_several_steps_are_those_of_keras(
    shape, momentum
):
    ours = BatchNormRelu(momentum)
    theirs = keras.layers.BatchNormalization(momentum=momentum, epsilon=1e-3)
    for step in range(4):
        images = images_of(shape, step)
        found = ours(images, training=True)
        expected = tf.nn.relu(theirs(images, training=True))
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
        averages = averages_of(theirs)
        assert averages.keys() == averages_of(ours).keys()
        for name, value in averages_of(ours).items():
            np.testing.assert_allclose(
                value, averages[name], rtol=1e-4, atol=1e-5
            )


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", SHAPES[:3])
def test_gradients_are_those_of_keras(shape, training):
    found, expected = (
        gradients_of(layer, shape, training) for layer in make_layers(shape)
    )
    assert len(found) == len(expected) == 3
    for ours, theirs in zip(found, expected, strict=True):
        assert np.abs(theirs).max() > 0
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-4)


def make_layers(shape):
    """Returns our layer and Keras', with equal random variables."""
    rng = np.random.default_rng(1)
    values = [rng.uniform(0.5, 2, size=shape[-1]) for _ in range(4)]
    layers = BatchNormRelu(), keras.layers.BatchNormalization(epsilon=1e-3)
    for layer in layers:
        layer.build(shape)
        layer.set_weights(values)
    return layers
