"""Convolutions of values in parts are Keras' of their concatenation."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.networks import depthwise
from hnas_tf.networks.convolutions import DepthwiseConv, PointwiseConv

FILTERS = 4
SIZES = [(1, 1), (2, 2), (2, 1), (3, 2), (5, 6)]
WIDTHS = {"one_tensor": [5], "one_part": [5], "parts": [2, 1, 3]}
SAME = {"padding": "same", "use_bias": False}

values = pytest.mark.parametrize("form", WIDTHS)
sizes = pytest.mark.parametrize("size", SIZES)
flags = pytest.mark.parametrize("flag", [True, False])
numbers = pytest.mark.parametrize("number", range(4))


def normal(*shape):
    rng = np.random.default_rng(shape)
    return tf.constant(rng.normal(size=shape), tf.float32)


def value_of(form, size):
    """Returns a tensor or parts of it, three images of a size."""
    parts = [normal(3, *size, width) for width in WIDTHS[form]]
    return parts[0] if form == "one_tensor" else parts


def whole(value):
    return tf.concat(value, -1) if isinstance(value, list) else value


def pointwise(flag=True):
    return PointwiseConv(FILTERS, as_products=flag)


def both_pointwise(flag):
    return pointwise(flag), keras.layers.Conv2D(FILTERS, 1, **SAME)


def both_depthwise(strides, way):
    theirs = keras.layers.DepthwiseConv2D(3, strides=strides, **SAME)
    return DepthwiseConv(strides, **way), theirs


def run(layer, value, kernel):
    """Returns outputs and the gradients of inputs and kernel, all whole."""
    layer(value)
    shape = layer.kernel.shape
    layer.kernel.assign(tf.reshape(kernel, shape))
    with tf.GradientTape() as tape:
        tape.watch(value)
        outputs = whole(layer(value))
        loss = tf.reduce_sum(normal(*outputs.shape) * outputs)
    of_value, of_kernel = tape.gradient(loss, [value, layer.kernel.value])
    return outputs, whole(of_value), tf.reshape(of_kernel, kernel.shape)


def check(ours, theirs, value, kernel):
    found = run(ours, value, kernel)
    expected = run(theirs, whole(value), kernel)
    for one, other in zip(found, expected, strict=True):
        assert one.shape == other.shape
        assert np.abs(other).max() > 0.1
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


@values
@sizes
@flags
def test_a_1x1_convolution_is_that_of_keras(form, size, flag):
    value = value_of(form, size)
    kernel = normal(1, 1, sum(WIDTHS[form]), FILTERS)
    check(*both_pointwise(flag), value, kernel)


@values
@sizes
@pytest.mark.parametrize("way", [{}, {"pads_tiny": True}, {"as_shifts": True}])
@pytest.mark.parametrize("strides", [1, 2])
def test_a_depthwise_convolution_is_that_of_keras(form, size, strides, way):
    value = value_of(form, size)
    kernel = normal(3, 3, sum(WIDTHS[form]), 1)
    check(*both_depthwise(strides, way), value, kernel)


def test_a_depthwise_convolution_gives_every_part_by_itself():
    outputs = DepthwiseConv()(value_of("parts", (3, 2)))
    assert [part.shape[-1] for part in outputs] == WIDTHS["parts"]
    assert isinstance(DepthwiseConv()(value_of("one_part", (3, 2))), list)


def test_only_narrow_parts_are_made_of_shifts(monkeypatch):
    made, as_shifts = [], depthwise.as_shifts

    def noted(images, kernel):
        made.append(images.shape[-1])
        return as_shifts(images, kernel)

    monkeypatch.setattr(depthwise, "as_shifts", noted)
    parts = [normal(2, 3, 3, width) for width in (2, 130, 128)]
    kernel = normal(3, 3, 260, 1)
    check(*both_depthwise(1, {"as_shifts": True}), parts, kernel)
    assert set(made) == {2, 128}


def layers_with(flag):
    return [
        pointwise(flag),
        DepthwiseConv(1, pads_tiny=flag),
        DepthwiseConv(2, pads_tiny=flag),
        DepthwiseConv(as_shifts=flag),
    ]


@numbers
@flags
@pytest.mark.parametrize("form", ["one_tensor", "parts"])
def test_images_of_open_sizes_are_taken(form, flag, number):
    layer = layers_with(flag)[number]
    layer(value_of(form, (2, 2)))
    layer.kernel.assign(normal(*layer.kernel.shape))

    def specification(part):
        return tf.TensorSpec([None, None, None, part.shape[-1]])

    specifications = tf.nest.map_structure(
        specification, value_of(form, (1, 1))
    )
    compiled = tf.function(
        lambda value: whole(layer(value)), input_signature=[specifications]
    )
    for size in SIZES:
        value = value_of(form, size)
        np.testing.assert_allclose(
            compiled(value), whole(layer(value)), rtol=1e-5, atol=1e-5
        )


@numbers
@flags
@pytest.mark.parametrize("size", [(7, 6), (None, 5), (None, None), (1, 1)])
@pytest.mark.parametrize("form", ["one_tensor", "parts"])
def test_the_shape_of_the_output_is_foretold(form, size, flag, number):
    layer = layers_with(flag)[number]
    shapes = [(None, *size, width) for width in WIDTHS[form]]
    inputs = [keras.Input(shape[1:]) for shape in shapes]
    if form == "one_tensor":
        (shapes,), (inputs,) = shapes, inputs
    found = layer.compute_output_shape(shapes)
    outputs = layer(inputs)
    if isinstance(outputs, list):
        assert [part.shape for part in outputs] == found
    else:
        assert outputs.shape == found


@pytest.mark.parametrize(
    ("layer", "shapes", "expected"),
    [
        (pointwise(), (None, 7, 5, 3), (None, 7, 5, 4)),
        (pointwise(), [(2, 7, None, 3), (2, 7, None, 1)], (2, 7, None, 4)),
        (DepthwiseConv(), (None, 7, 5, 3), (None, 7, 5, 3)),
        (DepthwiseConv(2), (None, 7, None, 3), (None, 4, None, 3)),
        (
            DepthwiseConv(2),
            [(None, 6, 1, 3), (None, 6, 1, 2)],
            [(None, 3, 1, 3), (None, 3, 1, 2)],
        ),
    ],
)
def test_shapes_are_those_that_one_would_say(layer, shapes, expected):
    assert layer.compute_output_shape(shapes) == expected


@flags
@numbers
def test_the_configuration_makes_an_equal_layer(flag, number):
    layer = layers_with(flag)[number]
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    for name in (
        *("filters", "as_products"),
        *("strides", "pads_tiny", "as_shifts"),
    ):
        assert getattr(again, name, None) == getattr(layer, name, None)


@numbers
@flags
def test_in_bfloat16_the_variables_stay_float32(flag, number):
    layer = layers_with(flag)[number]
    config = {**layer.get_config(), "dtype": "mixed_bfloat16"}
    layer = type(layer).from_config(config)
    outputs = whole(layer(value_of("parts", (2, 2))))
    assert outputs.dtype == tf.bfloat16
    assert layer.kernel.dtype == "float32"
