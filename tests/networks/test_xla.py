"""XLA compiles a network whole, and what it makes gives the same."""

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.config import NetworkConfig
from hnas_tf.networks import network_of
from tests.networks.samples import everything, randomize
from tests.xla import requires_xla

pytestmark = requires_xla

CONFIG = NetworkConfig(num_channels=4, num_groups=2)
LABELS = tf.constant([0, 3, 1, 9])
IMAGES = tf.constant(
    np.random.default_rng(1).normal(size=(4, 8, 8, 3)), tf.float32
)


def make_network(precision):
    return network_of(
        everything(), CONFIG, image_size=(8, 8), precision=precision
    )


def train(model, images):
    """Returns logits, loss and gradients of a step."""
    variables = [variable.value for variable in model.trainable_variables]
    with tf.GradientTape() as tape:
        logits = model(images, training=True)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(LABELS, logits)
        loss = tf.reduce_mean(losses)
    return logits, loss, *tape.gradient(loss, variables)


def evaluate(model, images):
    """Returns the logits with moving averages."""
    return (model(images, training=False),)


def run(model, function, *, jit_compile):
    """Returns what the function gives, and the moving averages after it."""
    randomize(model, np.random.default_rng(0))
    compiled = tf.function(
        lambda images: function(model, images),
        jit_compile=jit_compile,
        autograph=False,
    )
    found = compiled(IMAGES)
    averages = [variable.value for variable in model.non_trainable_variables]
    return [value.numpy() for value in (*found, *averages)]


def errors_of(model, function):
    """Returns how far the compiled results are off, as shares of their size."""
    plain = run(model, function, jit_compile=False)
    compiled = run(model, function, jit_compile=True)
    assert all(np.isfinite(value).all() for value in compiled)
    return [
        np.linalg.norm(found - expected) / np.linalg.norm(expected)
        for found, expected in zip(compiled, plain, strict=True)
    ]


@pytest.mark.parametrize("function", [train, evaluate])
def test_a_compiled_call_gives_what_an_uncompiled_one_does(function):
    assert max(errors_of(make_network("float32"), function)) < 1e-4


@pytest.mark.parametrize("function", [train, evaluate])
def test_in_bfloat16_the_logits_are_alike(function):
    # XLA leaves out roundings between operations, so gradients are not.
    logits, *_ = errors_of(make_network("bfloat16"), function)
    assert logits < 0.02
