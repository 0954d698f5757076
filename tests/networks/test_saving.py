"""A network is saved and loaded by Keras' own means."""

import keras
import numpy as np
import pytest

from hnas_tf.networks import cifar_network
from tests.networks.forms import choose, examples_of, results_of
from tests.networks.samples import (
    SPACES,
    in_parts,
    randomize,
    sparse,
    variables_of,
)

# Of Keras 3.15 under NumPy 2.4, where it reads a variable to save it.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword"
    ":DeprecationWarning"
)

GENOTYPE = sparse(SPACES["hierarchical"], 0)
OURS = {
    "PointwiseConv": ("filters", "as_products"),
    "DepthwiseConv": ("strides", "pads_tiny", "as_shifts"),
    "BatchNormRelu": ("momentum", "epsilon", "synchronized"),
}


def layers_of_our_own(model):
    """Returns the attributes of our layers by the layers' names."""
    return {
        layer.name: [getattr(layer, name) for name in OURS[kind]]
        for layer in model.layers
        if (kind := type(layer).__name__) in OURS
    }


@pytest.mark.parametrize("optimize_graph", [True, False])
@pytest.mark.parametrize("image_size", [(8, 7), None])
def test_a_loaded_network_is_the_saved_one(
    tmp_path, image_size, optimize_graph
):
    model = cifar_network(
        GENOTYPE,
        num_channels=2,
        num_groups=1,
        image_size=image_size,
        batch_norm_momentum=0.75,
        optimize_graph=optimize_graph,
    )
    rng = np.random.default_rng(0)
    randomize(model, rng)
    model.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")

    images = rng.normal(size=(3, 8, 7, 3)).astype(np.float32)
    assert np.array_equal(model(images), loaded(images))
    # The momentum shows after a step.
    assert np.array_equal(
        model(images, training=True), loaded(images, training=True)
    )
    before, after = variables_of(model), variables_of(loaded)
    assert before.keys() == after.keys()
    for name, variable in before.items():
        assert np.array_equal(variable, after[name]), name
    momenta = {
        layer.momentum for layer in loaded.layers if hasattr(layer, "momentum")
    }
    assert momenta == {0.75}


@pytest.mark.parametrize("flag", [True, False])
def test_a_network_of_parts_is_loaded_as_it_was(tmp_path, flag):
    model = cifar_network(in_parts(), num_channels=2, image_size=(5, 4))
    choose(model, as_products=flag, pads_tiny=flag, as_shifts=not flag)
    randomize(model, np.random.default_rng(0))
    kinds = {
        type(layer).__name__
        for layer in model.layers
        if isinstance(layer.input, list)
    }
    assert kinds - {"InputLayer"} == OURS.keys()
    model.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    assert layers_of_our_own(loaded) == layers_of_our_own(model)
    examples = examples_of(model, (5, 4))
    expected, found = results_of(model, examples), results_of(loaded, examples)
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert np.array_equal(found[name], value), name


def test_weights_are_loaded_into_a_network_built_anew(tmp_path):
    network = {"num_channels": 2, "num_groups": 1, "image_size": None}
    model = cifar_network(GENOTYPE, seed=1, **network)
    model.save_weights(tmp_path / "model.weights.h5")
    other = cifar_network(GENOTYPE, seed=2, **network)
    images = np.random.default_rng(0).normal(size=(3, 6, 6, 3))
    assert not np.array_equal(model(images), other(images))
    other.load_weights(tmp_path / "model.weights.h5")
    assert np.array_equal(model(images), other(images))
