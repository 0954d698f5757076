"""The network without Keras says what the one of Keras says."""

from collections import Counter

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf import load_genotype
from hnas_tf.data.preprocessing import normalize
from hnas_tf.genotype import PRIMITIVES
from hnas_tf.serving.network import fold
from tests.networks.samples import (
    SPACES,
    everything,
    evolved,
    flat,
    only,
    randomize,
    sparse,
)
from tests.serving.exports import keras_may_warn, untrained
from tests.training.samples import GENOTYPE

pytestmark = keras_may_warn

SMALL = {"num_channels": 3, "num_groups": 2}
DEEP = {"num_channels": 2, "num_groups": 3, "cells_per_group": 2}
IMAGENET = {"kind": "imagenet", "num_channels": 5, "num_groups": 2}
CASES = {
    **{name: (only(name), SMALL, (7, 5)) for name in PRIMITIVES},
    "everything": (everything(), DEEP, (9, 8)),
    "three_groups": (GENOTYPE, DEEP | {"cells_per_group": 1}, (11, 6)),
    "width_of_the_cell": (evolved(SPACES["hierarchical"], 1), SMALL, (6, 7)),
    "width_of_the_input": (
        evolved(SPACES["hierarchical"], 1),
        SMALL | {"motif_width": "input"},
        (6, 7),
    ),
    "flat": (evolved(SPACES["flat"], 5), DEEP, (5, 8)),
    "flat_sparse": (sparse(SPACES["flat"], 6), DEEP, (7, 7)),
    "four_levels": (evolved(SPACES["four_levels"], 7), SMALL, (4, 9)),
    "liu2018": (load_genotype("liu2018"), SMALL, (5, 6)),
    "imagenet": (everything(), IMAGENET, (33, 30)),
    "imagenet_hierarchical": (
        sparse(SPACES["hierarchical"], 10),
        IMAGENET | {"num_classes": 3},
        (35, 32),
    ),
    "grey": (everything(), SMALL | {"image_channels": 1}, (8, 8)),
    **{
        f"random_{seed}": (evolved(SPACES["hierarchical"], seed), SMALL, (6, 6))
        for seed in range(20, 23)
    },
}


def network_of(genotype, network, image_size):
    """Returns a network whose batch norm is far from where it starts.

    Its statistics are those of the pictures, or all of them would look alike.
    """
    network = {**network, "batch_norm_momentum": 0.0}
    trained = untrained(genotype, image_size=image_size, **network)
    rng, model = np.random.default_rng(1), trained.model
    norms = [layer for layer in model.layers if hasattr(layer, "gamma")]
    randomize(model, rng)
    for norm in norms:
        shape = norm.gamma.shape
        norm.gamma.assign(rng.choice([-1.0, 0.5, 1.0, 2.0], shape))
        norm.beta.assign(rng.normal(0.5, 1.0, shape))
    images = normalize(pictures_for(trained, 64), trained.description)
    model(images, training=True)
    for norm in norms:
        disguise(norm, rng)
    return trained


def disguise(norm, rng):
    """Changes variances by far, and the weights so that it does not show."""
    variance, gamma = norm.moving_variance.numpy(), norm.gamma.numpy()
    chosen = rng.random(len(gamma)) < 0.3
    other = np.where(chosen, 10 ** rng.uniform(-10, 3, len(gamma)), variance)
    scale = np.sqrt((other + norm.epsilon) / (variance + norm.epsilon))
    norm.gamma.assign(gamma * scale)
    norm.moving_variance.assign(other)


def pictures_for(trained, number=4):
    description = trained.description
    shape = (number, *description.image_size, description.image_channels)
    return np.random.default_rng(2).integers(256, size=shape).astype(np.float32)


def graph_of(genotype, **network):
    """Returns how many operations of every type the graph has."""
    folded = fold(untrained(genotype, num_groups=1, **network))
    graph = traced(folded).get_concrete_function().graph
    return Counter(operation.type for operation in graph.get_operations())


def traced(folded):
    """Returns its logits as a compiled function of any number of pictures."""
    spec = tf.TensorSpec([None, *folded.image_shape], tf.float32)
    return tf.function(folded.logits, input_signature=[spec], autograph=False)


def assert_same(found, expected):
    assert found.dtype == tf.float32
    assert found.shape == expected.shape
    scale = np.abs(expected).max()
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * scale)


@pytest.fixture(scope="module", params=CASES)
def trained(request):
    return network_of(*CASES[request.param])


def test_logits_are_those_of_keras(trained):
    images = pictures_for(trained)
    normalized = normalize(images, trained.description)
    expected = trained.model(normalized, training=False).numpy()
    assert np.ptp(expected, axis=0).max() > 1e-2
    logits = traced(fold(trained))
    assert_same(logits(images), expected)
    assert_same(logits(images[:1]), expected[:1])


def test_variables_say_what_constants_say():
    trained = network_of(everything(), SMALL, (8, 8))
    folded, images = fold(trained), pictures_for(trained)
    with_variables = folded.with_variables()
    assert_same(with_variables.logits(images), folded.logits(images).numpy())


def test_batch_norm_is_gone_from_what_is_stored():
    trained = network_of(everything(), SMALL, (8, 8))
    kept = sum(
        variable.numpy().size
        for variable in trained.model.variables
        if variable.name in ("kernel", "bias", "beta")
    )
    assert fold(trained).num_bytes == 4 * kept
    assert "FusedBatchNormV3" not in graph_of(everything())


@pytest.mark.parametrize(
    ("pool", "kind"), [("max_pool_3x3", "MaxPool"), ("avg_pool_3x3", "AvgPool")]
)
def test_the_same_pool_of_a_tensor_is_computed_once(pool, kind):
    assert graph_of(only(pool))[kind] == 1
    assert graph_of(flat((pool,), (pool, "identity")))[kind] == 1
    # Node 3 is the source beside its pool, whose pools are that and another.
    of_both = flat((pool,), ("identity", "identity"), (None, None, pool))
    assert graph_of(of_both)[kind] == 2


def test_different_pools_of_a_tensor_are_not_one():
    graph = graph_of(flat(("max_pool_3x3",), ("avg_pool_3x3", "identity")))
    assert (graph["MaxPool"], graph["AvgPool"]) == (1, 1)


def test_nothing_is_concatenated_of_one_part():
    for primitive in ("conv_1x1", "max_pool_3x3", "identity"):
        assert graph_of(only(primitive))["ConcatV2"] == 0


def test_only_what_is_read_whole_is_concatenated():
    # Node 3 has two parts, which only pools and concatenations read; the cell
    # ends in a convolution, which reads the whole.
    pools = flat(
        ("identity",),
        ("max_pool_3x3", "avg_pool_3x3"),
        (None, "identity", "max_pool_3x3"),
    )
    graph = graph_of(pools)
    assert graph["ConcatV2"] == 1
    assert (graph["MaxPool"], graph["AvgPool"]) == (3, 1)


def test_what_is_read_whole_twice_is_concatenated_once():
    twice = flat(
        ("max_pool_3x3",),
        ("identity", "identity"),
        (None, None, "conv_1x1"),
        (None, None, "separable_conv_3x3", "identity"),
    )
    # Node 3 for both of its readers, and the cell's output.
    assert graph_of(twice)["ConcatV2"] == 2
