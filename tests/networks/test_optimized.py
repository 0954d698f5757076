"""An optimized network is the plain one, to rounding."""

from dataclasses import dataclass

import keras
import numpy as np
import pytest

from hnas_tf.networks import initialize
from tests.networks.forms import (
    choose,
    errors_of,
    examples_of,
    optimized_of,
    plain_of,
    results_of,
)
from tests.networks.samples import (
    SPACES,
    evolved,
    sparse,
    variables_of,
)

WIDE = {"motif_width": "input"}
TINY = {"num_channels": 4, "num_groups": 3}
GREY = {"num_channels": 4, "num_groups": 2, "image_channels": 1}
DEEP = {"num_channels": 3, "num_groups": 2, "cells_per_group": 2}
IMAGENET = {"kind": "imagenet", "num_channels": 5, "num_groups": 2}

HIERARCHICAL, FLAT, FOUR_LEVELS = SPACES.values()
CASES = {
    "hierarchical_to_1x1": (evolved(HIERARCHICAL, 3), TINY, (4, 4)),
    "hierarchical_wide": (evolved(HIERARCHICAL, 1), {**TINY, **WIDE}, (7, 5)),
    "hierarchical_imagenet": (evolved(HIERARCHICAL, 2), IMAGENET, (13, 10)),
    "hierarchical_sparse": (sparse(HIERARCHICAL, 0), DEEP, (5, 5)),
    "sparse_wide": (sparse(HIERARCHICAL, 5), {**GREY, **WIDE}, (8, 6)),
    "flat_grey": (evolved(FLAT, 2), GREY, (3, 2)),
    "flat_imagenet": (sparse(FLAT, 1), IMAGENET, (7, 9)),
    "flat_sparse": (sparse(FLAT, 0), TINY, (2, 2)),
    "flat_sparse_wide": (sparse(FLAT, 5), {**DEEP, **WIDE}, (9, 3)),
    "four_levels": (evolved(FOUR_LEVELS, 2), GREY, (6, 7)),
    "four_levels_1x1": (evolved(FOUR_LEVELS, 5), {**GREY, **WIDE}, (1, 1)),
    "four_levels_sparse": (sparse(FOUR_LEVELS, 3), DEEP, (2, 4)),
}
WAYS = {
    "as_products_and_padded": {"as_products": True, "pads_tiny": True},
    "as_convolutions": {"as_products": False},
    "as_shifts": {"as_products": False, "as_shifts": True},
}


@dataclass
class Pair:
    """A network in both forms, and what steps of the plain one give."""

    plain: keras.Model
    optimized: keras.Model
    examples: list
    expected: list


@pytest.fixture(scope="module", params=CASES)
def pair(request):
    genotype, network, image_size = CASES[request.param]
    plain = plain_of(genotype, network, image_size=image_size)
    optimized = optimized_of(genotype, network, plain, image_size=image_size)
    examples = [examples_of(plain, image_size, seed) for seed in range(2)]
    expected = [results_of(plain, each) for each in examples]
    return Pair(plain, optimized, examples, expected)


@pytest.mark.parametrize("way", WAYS)
def test_a_step_gives_what_one_of_the_plain_network_gives(pair, way):
    choose(pair.optimized, **WAYS[way])
    errors = [
        errors_of(results_of(pair.optimized, examples), expected)
        for examples, expected in zip(pair.examples, pair.expected, strict=True)
    ]
    for name in errors[0]:
        # Rounding may turn a ReLU on for one batch, but not for every.
        smallest = min if name.startswith("gradient") else max
        assert smallest(each[name] for each in errors) < 1e-3, name


def test_what_is_compared_is_not_nothing(pair):
    for expected in pair.expected:
        assert np.std(expected["logits"]) > 1e-2
        assert all(np.isfinite(value).all() for value in expected.values())
        assert len(expected) == 3 + len(pair.plain.variables)


def variables_at_the_start(model, seed):
    initialize(model, seed)
    return variables_of(model)


def test_equal_seeds_give_equal_initial_values(pair):
    expected, found = (
        results_of(model, ([1, 2],), step=variables_at_the_start)
        for model in (pair.plain, pair.optimized)
    )
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert np.array_equal(found[name], value), name


def test_layers_with_weights_have_the_names_of_the_plain_network(pair):
    expected, found = (
        {layer.name for layer in model.layers if layer.variables}
        for model in (pair.plain, pair.optimized)
    )
    assert found == expected


def test_only_1x1_kernels_have_another_shape(pair):
    found = variables_of(pair.optimized)
    for name, variable in variables_of(pair.plain).items():
        shape = variable.shape
        if shape[:2] == (1, 1):
            shape = shape[2:]
        assert found[name].shape == shape, name
