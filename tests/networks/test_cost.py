"""The static cost is what Keras counts on the network that is built."""

import math

import keras
import pytest

from hnas_tf import load_genotype
from hnas_tf.config import NetworkConfig
from hnas_tf.networks import cifar_network, imagenet_network, network_of
from hnas_tf.networks.convolutions import DepthwiseConv, PointwiseConv
from hnas_tf.plan import network_cost
from tests.networks.samples import SPACES, evolved, sparse

LIU2018 = load_genotype("liu2018")

SEVERAL_GROUPS = {"num_channels": 3, "cells_per_group": 2, "num_groups": 2}
ONE_GROUP = {"num_channels": 4, "num_groups": 1, "image_channels": 1}

CONVOLUTIONS = (
    keras.layers.Conv2D,
    keras.layers.DepthwiseConv2D,
    PointwiseConv,
    DepthwiseConv,
)

both_forms = pytest.mark.parametrize("optimize_graph", [True, False])


def parameters_of(model):
    return sum(math.prod(v.shape) for v in model.trainable_variables)


def multiply_adds_of(model):
    """Counts every kernel as often as it is laid on the image."""
    total = 0
    for layer in model.layers:
        if isinstance(layer, CONVOLUTIONS):
            # The parts of an output are of one size.
            _, height, width, _ = keras.tree.flatten(layer.output)[0].shape
            total += math.prod(layer.kernel.shape) * height * width
        elif isinstance(layer, keras.layers.Dense):
            total += math.prod(layer.kernel.shape)
    return total


def check(genotype, network, image_size):
    model = network_of(
        genotype, NetworkConfig(**network), image_size=image_size
    )
    cost = network_cost(genotype, image_size=image_size, **network)
    assert cost.parameters == parameters_of(model)
    assert cost.multiply_adds == multiply_adds_of(model)


@pytest.mark.parametrize("motif_width", ["cell", "input"])
@pytest.mark.parametrize(
    ("space", "draw", "num_genotypes"),
    [
        ("hierarchical", evolved, 15),
        ("hierarchical", sparse, 10),
        ("flat", evolved, 15),
        ("flat", sparse, 5),
        ("four_levels", sparse, 10),
    ],
)
def test_random_genotypes_cost_what_keras_counts(
    space, draw, num_genotypes, motif_width
):
    network = {**ONE_GROUP, "motif_width": motif_width}
    for seed in range(num_genotypes):
        network["optimize_graph"] = seed % 2 == 0
        check(draw(SPACES[space], seed), network, (6, 5))
    keras.backend.clear_session()


@both_forms
@pytest.mark.parametrize("motif_width", ["cell", "input"])
@pytest.mark.parametrize("space", SPACES)
def test_several_groups_and_cells_cost_what_keras_counts(
    space, motif_width, optimize_graph
):
    network = {
        **SEVERAL_GROUPS,
        "motif_width": motif_width,
        "optimize_graph": optimize_graph,
    }
    check(sparse(SPACES[space], 100), network, (9, 7))


@pytest.mark.parametrize("image_size", [32, None])
@pytest.mark.parametrize(
    ("num_channels", "cells_per_group", "parameters"),
    [(64, 2, 15_727_306), (16, 1, 542_138)],
)
def test_liu2018_has_the_papers_number_of_parameters(
    num_channels, cells_per_group, parameters, image_size
):
    model = cifar_network(
        LIU2018,
        num_channels=num_channels,
        cells_per_group=cells_per_group,
        image_size=image_size,
    )
    assert parameters_of(model) == parameters


def test_the_imagenet_network_of_liu2018_is_about_as_large_as_the_papers():
    model = imagenet_network(LIU2018)
    assert model.input.shape == (None, 299, 299, 3)
    assert parameters_of(model) == 62_832_520
    assert multiply_adds_of(model) == 15_417_190_272


def test_the_defaults_of_the_imagenet_network_give_way():
    model = imagenet_network(
        evolved(SPACES["flat"], 0),
        image_size=(17, 12),
        num_channels=3,
        num_groups=2,
        num_classes=4,
    )
    assert model.input.shape == (None, 17, 12, 3)
    assert model.output.shape == (None, 4)


@both_forms
@pytest.mark.parametrize("num_channels", [2, 5])
def test_imagenet_networks_cost_what_keras_counts(num_channels, optimize_graph):
    network = {
        **SEVERAL_GROUPS,
        "kind": "imagenet",
        "optimize_graph": optimize_graph,
        "num_channels": num_channels,
    }
    check(sparse(SPACES["hierarchical"], 101), network, (29, 18))
