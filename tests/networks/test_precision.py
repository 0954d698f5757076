"""A network that computes in bfloat16 while its variables stay float32."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.config import NetworkConfig
from hnas_tf.errors import InvalidError
from hnas_tf.networks import network_of
from tests.networks.samples import everything, only, randomize

CONFIG = NetworkConfig(num_channels=6, num_groups=2)
SIZE = (9, 8)


def make_network(precision):
    model = network_of(
        everything(), CONFIG, image_size=SIZE, precision=precision
    )
    randomize(model, np.random.default_rng(0))
    return model


def images():
    values = np.random.default_rng(1).normal(size=(16, *SIZE, 3))
    return values.astype(np.float32)


def logits_and_gradients(model):
    with tf.GradientTape() as tape:
        logits = model(images(), training=True)
        loss = tf.reduce_mean(tf.nn.log_softmax(logits)[:, 0])
    variables = [variable.value for variable in model.trainable_variables]
    return logits, tape.gradient(loss, variables)


@pytest.fixture(scope="module")
def both():
    return make_network("float32"), make_network("bfloat16")


def assert_within_a_few_percent(found, expected):
    assert found.dtype == expected.dtype == tf.float32
    error = np.linalg.norm(np.subtract(found, expected))
    assert 0 < error < 0.05 * np.linalg.norm(expected)


def test_all_layers_but_the_last_compute_in_bfloat16(both):
    _, model = both
    policies = {layer.name: layer.compute_dtype for layer in model.layers}
    assert policies.pop("images") == policies.pop("head.dense") == "float32"
    assert set(policies.values()) == {"bfloat16"}
    head = model.get_layer("head.dense")
    assert head.input.dtype == "bfloat16"


def test_variables_are_float32(both):
    for model in both:
        for variable in model.variables:
            assert variable.dtype == "float32", variable.path
            assert variable.value.dtype == tf.float32, variable.path


@pytest.mark.parametrize("training", [False, True])
def test_logits_are_close_to_those_of_float32(both, training):
    exact, rounded = (model(images(), training=training) for model in both)
    assert_within_a_few_percent(rounded, exact)


def test_moving_averages_are_close_to_those_of_float32():
    models = [make_network(precision) for precision in ("float32", "bfloat16")]
    for model in models:
        model(images(), training=True)
    pairs = zip(
        *(model.non_trainable_variables for model in models), strict=True
    )
    for exact, rounded in pairs:
        assert_within_a_few_percent(rounded.numpy(), exact.numpy())


def test_gradients_are_finite_and_point_where_those_of_float32_do(both):
    (_, exact), (_, rounded) = map(logits_and_gradients, both)
    for gradient in rounded:
        assert gradient.dtype == tf.float32
        assert np.isfinite(gradient).all()
    exact, rounded = (
        np.concatenate([np.ravel(gradient) for gradient in gradients])
        for gradients in (exact, rounded)
    )
    cosine = exact @ rounded / np.linalg.norm(exact) / np.linalg.norm(rounded)
    assert cosine > 0.98


def test_the_precision_is_not_that_of_others():
    network_of(only("identity"), CONFIG, image_size=SIZE, precision="bfloat16")
    assert keras.config.dtype_policy().name == "float32"
    model = network_of(only("identity"), CONFIG, image_size=SIZE)
    assert {layer.compute_dtype for layer in model.layers} == {"float32"}


@pytest.mark.parametrize("precision", ["auto", "float16"])
def test_another_precision_is_refused(precision):
    words = "`precision` must be one of float32, bfloat16. Received:"
    with pytest.raises(InvalidError, match=words):
        network_of(
            only("identity"), CONFIG, image_size=SIZE, precision=precision
        )
