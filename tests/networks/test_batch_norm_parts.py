"""Batch normalization of a value in parts is that of the value in one piece."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.networks.batch_norm import BatchNormRelu, moments_only

WIDTHS = [3, 1, 4]
SIZES = [(6, 5, 4), (3, 1, 1)]


def make_layer(momentum=0.9, **options):
    """Returns a layer with random variables, the same every time."""
    rng = np.random.default_rng(1)
    layer = BatchNormRelu(momentum, **options)
    layer.build((None, None, None, sum(WIDTHS)))
    layer.set_weights([rng.uniform(0.5, 2, size=sum(WIDTHS)) for _ in range(4)])
    return layer


def parts_of(size, seed=0):
    rng = np.random.default_rng(seed)
    return [
        tf.constant(rng.normal(i, 1 + i, size=(*size, width)), tf.float32)
        for i, width in enumerate(WIDTHS)
    ]


def in_one_piece(value):
    return tf.concat(value, -1) if isinstance(value, list) else value


def step_of(value, size, *, training):
    """Returns outputs, gradients and the averages after them."""
    layer = make_layer()
    factors = in_one_piece(parts_of(size, seed=1))
    weights = [layer.gamma.value, layer.beta.value]
    with tf.GradientTape() as tape:
        tape.watch(value)
        outputs = in_one_piece(layer(value, training=training))
        loss = tf.reduce_sum(factors * outputs)
    of_inputs, *others = tape.gradient(loss, [value, *weights])
    return [outputs, in_one_piece(of_inputs), *others, *layer.get_weights()]


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("size", SIZES)
def test_parts_give_what_their_concatenation_gives(size, training):
    parts = parts_of(size)
    expected = step_of(in_one_piece(parts), size, training=training)
    found = step_of(parts, size, training=training)
    for ours, theirs in zip(found, expected, strict=True):
        assert np.abs(theirs).max() > 0
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("training", [True, False])
def test_every_part_comes_out_by_itself(training):
    outputs = make_layer()(parts_of(SIZES[0]), training=training)
    assert [part.shape[-1] for part in outputs] == WIDTHS


def test_the_shapes_of_parts_are_those_of_the_inputs():
    shapes = [(None, 5, None, width) for width in WIDTHS]
    layer = BatchNormRelu()
    assert layer.compute_output_shape(shapes) == shapes
    outputs = layer([keras.Input(shape[1:]) for shape in shapes])
    assert [part.shape for part in outputs] == shapes
    assert layer.gamma.shape == (sum(WIDTHS),)


def moments_of(value):
    """Returns mean and biased variance, both of all channels."""
    pixels = np.reshape(in_one_piece(value), (-1, sum(WIDTHS)))
    return [pixels.mean(axis=0), pixels.var(axis=0)]


@pytest.mark.parametrize("form", [list, in_one_piece])
def test_the_moments_alone_are_put_where_the_averages_are(form):
    parts = parts_of(SIZES[0])
    layer = make_layer()
    with moments_only():
        layer(form(parts), training=True)
    found = layer.get_weights()[2:]
    np.testing.assert_allclose(found, moments_of(parts), rtol=1e-4, atol=1e-5)


def test_the_moments_make_the_averages_that_the_layer_makes():
    parts, momentum = parts_of(SIZES[0]), 0.75
    averaging, layer = make_layer(momentum), make_layer(momentum)
    before = np.stack(layer.get_weights()[2:])
    averaging(parts, training=True)
    with moments_only():
        layer(parts, training=True)
    moments = np.stack(layer.get_weights()[2:])
    np.testing.assert_allclose(
        momentum * before + (1 - momentum) * moments,
        averaging.get_weights()[2:],
        rtol=1e-5,
    )


def test_outputs_do_not_depend_on_who_averages():
    parts = parts_of(SIZES[0])
    expected = in_one_piece(make_layer()(parts, training=True))
    with moments_only():
        found = in_one_piece(make_layer()(parts, training=True))
    assert np.array_equal(found, expected)


def test_layers_average_again_afterwards_and_after_an_error():
    parts = parts_of(SIZES[0])
    expected, layer = make_layer(), make_layer()
    with pytest.raises(ZeroDivisionError), moments_only():
        raise ZeroDivisionError
    for each in (expected, layer):
        each(parts, training=True)
    assert not np.allclose(layer.get_weights()[2:], moments_of(parts))
    assert np.array_equal(layer.get_weights()[2:], expected.get_weights()[2:])
