"""Batch normalization with ReLU is that of Keras, to rounding."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.networks import cifar_network
from hnas_tf.networks.batch_norm import BatchNormRelu
from tests.networks.samples import only

SHAPES = [(8, 5, 4, 3), (2, 1, 1, 6), (3, 9, 7, 40), (1, 1, 1, 2)]


class KerasBatchNormRelu(keras.layers.BatchNormalization):
    def call(self, inputs, training=None):
        return keras.ops.relu(super().call(inputs, training=training))


def make_both(shape, *, momentum=0.9):
    """Returns our layer and Keras', with equal random variables."""
    rng = np.random.default_rng(1)
    values = [rng.uniform(0.5, 2, size=shape[-1]) for _ in range(4)]
    both = [
        layer(momentum=momentum, epsilon=1e-3)
        for layer in (BatchNormRelu, KerasBatchNormRelu)
    ]
    for layer in both:
        layer.build(shape)
        layer.set_weights(values)
    return both


def images_of(shape, seed):
    rng = np.random.default_rng(seed)
    return tf.constant(rng.normal(seed / 3, 1 + seed, size=shape), tf.float32)


def assert_close(found, expected):
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def gradients_of(layer, shape, *, training):
    images = images_of(shape, 0)
    factors = images_of(shape, 1)
    with tf.GradientTape() as tape:
        tape.watch(images)
        loss = tf.reduce_sum(factors * layer(images, training=training))
    weights = [layer.gamma.value, layer.beta.value]
    return [g.numpy() for g in tape.gradient(loss, [images, *weights])]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("momentum", [0.9, 0.99, 0.0])
def test_several_steps_are_those_of_keras(shape, momentum):
    ours, theirs = make_both(shape, momentum=momentum)
    for step in range(4):
        images = images_of(shape, step)
        outputs = [layer(images, training=True) for layer in (ours, theirs)]
        assert_close(outputs[:1], outputs[1:])
        assert_close(ours.get_weights(), theirs.get_weights())


@pytest.mark.parametrize("shape", SHAPES)
def test_outputs_with_moving_averages_are_those_of_keras(shape):
    ours, theirs = make_both(shape)
    before = ours.get_weights()
    images = images_of(shape, 0)
    assert_close([ours(images)], [theirs(images, training=False)])
    for then, now in zip(before, ours.get_weights(), strict=True):
        assert np.array_equal(then, now)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", [SHAPES[0], SHAPES[2]])
def test_gradients_are_those_of_keras(shape, training):
    ours, theirs = make_both(shape)
    expected = gradients_of(theirs, shape, training=training)
    assert all(np.abs(gradient).max() > 0.1 for gradient in expected)
    assert_close(gradients_of(ours, shape, training=training), expected)


def test_moving_averages_are_not_trained():
    layer, _ = make_both((1, 2, 2, 3))
    names = [variable.name for variable in layer.trainable_variables]
    assert names == ["gamma", "beta"]


@pytest.mark.parametrize(
    "shape", [(2, 5, 4, 3), (None, 8, 8, 1), (None, None, None, 7)]
)
def test_the_output_has_the_shape_of_the_input(shape):
    assert BatchNormRelu().compute_output_shape(shape) == shape
    assert BatchNormRelu()(keras.Input(batch_shape=shape)).shape == shape


def test_the_configuration_makes_an_equal_layer():
    layer = BatchNormRelu(0.7, 1e-2, synchronized=False, name="norm")
    config = BatchNormRelu.from_config(layer.get_config()).get_config()
    assert config == layer.get_config()
    assert (config["momentum"], config["epsilon"]) == (0.7, 1e-2)
    assert config["synchronized"] is False


@pytest.mark.parametrize("statistics", ["synchronized", "per_replica"])
def test_the_network_says_whose_statistics_count(statistics):
    model = cifar_network(only("identity"), batch_norm_statistics=statistics)
    found = {
        layer.synchronized
        for layer in model.layers
        if isinstance(layer, BatchNormRelu)
    }
    assert found == {statistics == "synchronized"}
