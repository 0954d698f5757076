"""Optimized networks of open sizes, in bfloat16, and of other devices."""

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.networks import cifar_network
from hnas_tf.networks.convolutions import DepthwiseConv, PointwiseConv
from hnas_tf.networks.devices import StandIn
from tests.networks.forms import (
    choose,
    errors_of,
    examples_of,
    optimized_of,
    plain_of,
    results_of,
    take_step,
)
from tests.networks.samples import SPACES, evolved, in_parts, sparse

NETWORK = {"num_channels": 4, "num_groups": 2}
GENOTYPES = {
    "in_parts": in_parts(),
    "hierarchical": evolved(SPACES["hierarchical"], 2),
    "flat": sparse(SPACES["flat"], 0),
}
OPEN = {"image_size": (None, None)}

ways = pytest.mark.parametrize("of_a_cpu", [True, False])


def compiled(model):
    """Returns a step that is traced once, for images of any size."""
    images, logits = model.input.shape, model.output.shape
    return tf.function(
        lambda images, factors: take_step(model, images, factors),
        input_signature=[tf.TensorSpec(images), tf.TensorSpec(logits)],
        autograph=False,
    )


def as_on(a_cpu):
    """Returns how layers compute on a CPU, or else on a TPU."""
    return {"as_products": a_cpu, "pads_tiny": a_cpu, "as_shifts": not a_cpu}


@ways
@pytest.mark.parametrize("genotype", ["in_parts", "flat"])
def test_open_sizes_give_what_the_plain_network_gives(genotype, of_a_cpu):
    genotype = GENOTYPES[genotype]
    plain = plain_of(genotype, NETWORK, **OPEN)
    optimized = optimized_of(genotype, NETWORK, plain, **OPEN)
    choose(optimized, **as_on(of_a_cpu))
    step = compiled(optimized)
    for image_size in ((5, 4), (2, 2), (1, 1)):
        examples = examples_of(plain, image_size)
        expected = results_of(plain, examples)
        found = results_of(
            optimized, examples, step=lambda _, *given: step(*given)
        )
        for name, error in errors_of(found, expected).items():
            assert error < 1e-3, (name, image_size)


@ways
@pytest.mark.parametrize("genotype", GENOTYPES)
def test_logits_in_bfloat16_are_close_to_those_of_float32(genotype, of_a_cpu):
    options = {"image_size": (6, 5)}
    plain = plain_of(GENOTYPES[genotype], NETWORK, **options)
    rounded = optimized_of(
        GENOTYPES[genotype], NETWORK, plain, precision="bfloat16", **options
    )
    choose(rounded, **as_on(of_a_cpu))
    images, _ = examples_of(plain, options["image_size"])
    for training in (False, True):
        exact = plain(images, training=training).numpy()
        found = rounded(images, training=training).numpy()
        error = np.linalg.norm(found - exact)
        assert 0 < error < 0.1 * np.linalg.norm(exact)


def ways_of(model):
    """Returns how our layers compute: as products, padded, and as shifts."""
    layers = model.layers
    (as_products,) = {
        one.as_products for one in layers if isinstance(one, PointwiseConv)
    }
    (depthwise,) = {
        (one.pads_tiny, one.as_shifts)
        for one in layers
        if isinstance(one, DepthwiseConv)
    }
    return as_products, *depthwise


@pytest.mark.parametrize(
    ("gpus", "expected"),
    [([], (True, True, False)), (["gpu"], (True, False, False))],
)
def test_layers_compute_as_suits_the_device(monkeypatch, gpus, expected):
    monkeypatch.setattr(
        tf.config, "list_logical_devices", {"GPU": gpus}.__getitem__
    )
    assert ways_of(cifar_network(in_parts())) == expected


def test_a_strategy_says_what_the_device_is(monkeypatch):
    monkeypatch.setattr(
        tf.config, "list_logical_devices", {"GPU": ["gpu"]}.__getitem__
    )
    for strategy, expected in (
        (tf.distribute.OneDeviceStrategy("cpu:0"), (True, True, False)),
        (StandIn("gpu"), (True, False, False)),
        (StandIn("tpu"), (False, False, True)),
    ):
        with strategy.scope():
            assert ways_of(cifar_network(in_parts())) == expected
