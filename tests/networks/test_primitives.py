"""What every primitive promises, checked over the table of them."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.genotype import PRIMITIVES
from hnas_tf.networks import cifar_network
from tests.networks.samples import flat

WIDTH = 3


def network_with(primitive, *, image_size=(7, 5), **network):
    """Returns a network; its one cell has the primitive on a last edge.

    Into that edge comes a concatenation of twice the cell's channels.
    """
    genotype = flat(
        ("max_pool_3x3",),
        ("identity", "identity"),
        (None, None, primitive),
    )
    return cifar_network(
        genotype,
        num_channels=WIDTH,
        num_groups=1,
        num_classes=4,
        image_size=image_size,
        **network,
    )


def cell_of(model):
    """Returns the cell alone: its input -> its output, in one piece."""
    source = model.get_layer("stem.conv_3x3.batch_norm_relu").output
    after = model.get_layer("group1.cell1.separable_conv_3x3.depthwise").input
    if isinstance(after, list):
        after = keras.layers.Concatenate()(after)
    return keras.Model(source, after)


def images_of(height, width, channels=3):
    rng = np.random.default_rng(height)
    values = rng.normal(size=(2, height, width, channels))
    return tf.constant(values, tf.float32)


@pytest.fixture(params=PRIMITIVES)
def primitive(request):
    return request.param


def test_it_keeps_the_resolution_and_gives_the_width_it_says(primitive):
    cell = cell_of(network_with(primitive))
    width = WIDTH if PRIMITIVES[primitive].sets_width else 2 * WIDTH
    assert cell.output.shape == (None, 7, 5, width)
    assert cell(images_of(7, 5)).shape == (2, 7, 5, width)


def test_gradients_reach_every_variable(primitive):
    model = network_with(primitive)
    with tf.GradientTape() as tape:
        logits = model(images_of(7, 5), training=True)
        loss = tf.reduce_sum(logits * images_of(1, 4, 1)[:, 0, :, 0])
    variables = model.trainable_variables
    for variable, gradient in zip(
        variables,
        tape.gradient(loss, [v.value for v in variables]),
        strict=True,
    ):
        assert gradient is not None, variable.path
        assert np.isfinite(gradient).all(), variable.path
        assert np.abs(gradient).max() > 0, variable.path


def test_the_gradient_is_the_slope(primitive):
    cell = cell_of(network_with(primitive))
    images = tf.abs(images_of(7, 5))
    direction = images_of(7, 5) * 1e-3
    with tf.GradientTape() as tape:
        tape.watch(images)
        value = tf.reduce_sum(cell(images) ** 2)
    slope = tf.reduce_sum(tape.gradient(value, images) * direction)
    ahead = tf.reduce_sum(cell(images + direction) ** 2)
    behind = tf.reduce_sum(cell(images - direction) ** 2)
    assert abs(slope) > 1e-4
    np.testing.assert_allclose((ahead - behind) / 2, slope, rtol=0.02)


@pytest.mark.parametrize("training", [True, False])
def test_a_compiled_function_gives_the_same(primitive, training):
    model = network_with(primitive)
    images = images_of(7, 5)
    found = tf.function(model)(images, training=training)
    expected = model(images, training=training)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_open_sizes_take_images_of_any_size(primitive):
    model = network_with(primitive, image_size=None)
    assert model.input.shape == (None, None, None, 3)
    for height, width in ((7, 5), (4, 4), (1, 1)):
        fixed = network_with(primitive, image_size=(height, width))
        images = images_of(height, width)
        assert model(images).shape == (2, 4)
        assert np.array_equal(model(images), fixed(images))


def test_grey_images_are_taken(primitive):
    model = network_with(primitive, image_channels=1)
    assert model(images_of(7, 5, 1)).shape == (2, 4)
