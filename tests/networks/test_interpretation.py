"""The forward pass is what the paper's definition says."""

import numpy as np
import pytest

from hnas_tf import load_genotype
from hnas_tf.config import NetworkConfig
from hnas_tf.networks import network_of
from tests.networks.interpretation import Interpreter
from tests.networks.samples import (
    SPACES,
    evolved,
    flat,
    randomize,
    sparse,
    variables_of,
)

SMALL = {"num_channels": 2, "num_groups": 2}
SHARED = {**SMALL, "image_channels": 1}
WIDE = {**SMALL, "motif_width": "input"}
DEEP = {"num_channels": 3, "cells_per_group": 2, "num_groups": 2}
IMAGENET = {
    "kind": "imagenet",
    "num_channels": 5,
    "cells_per_group": 2,
    "num_groups": 2,
}

CASES = {
    "hierarchical": (evolved(SPACES["hierarchical"], 1), SMALL, (7, 5)),
    "hierarchical_wide": (evolved(SPACES["hierarchical"], 2), WIDE, (6, 7)),
    "hierarchical_sparse": (sparse(SPACES["hierarchical"], 3), DEEP, (5, 5)),
    "sparse_wide": (sparse(SPACES["hierarchical"], 4), WIDE, (8, 8)),
    "flat": (evolved(SPACES["flat"], 5), SMALL, (5, 8)),
    "flat_sparse": (sparse(SPACES["flat"], 6), DEEP, (7, 7)),
    "four_levels": (evolved(SPACES["four_levels"], 7), SMALL, (4, 9)),
    "four_levels_wide": (sparse(SPACES["four_levels"], 8), WIDE, (7, 3)),
    "grey": (sparse(SPACES["hierarchical"], 9), SHARED, (8, 8)),
    "three_groups": (
        flat(("conv_1x1",), ("avg_pool_3x3", "max_pool_3x3")),
        {"num_channels": 2, "num_groups": 3, "cells_per_group": 2},
        (11, 6),
    ),
    "liu2018": (load_genotype("liu2018"), SMALL, (5, 6)),
    "imagenet": (sparse(SPACES["hierarchical"], 10), IMAGENET, (13, 10)),
}
BATCH_STATISTICS = ["hierarchical_sparse", "flat", "four_levels_wide", "grey"]

both_forms = pytest.mark.parametrize("optimize_graph", [True, False])


def logits_of(case, optimize_graph, *, training):
    """Returns the network's logits, the definition's, and all names."""
    genotype, network, image_size = CASES[case]
    config = NetworkConfig(**network, optimize_graph=optimize_graph)
    rng = np.random.default_rng(0)
    model = network_of(genotype, config, image_size=image_size)
    randomize(model, rng)
    images = rng.normal(size=(4, *image_size, config.image_channels))
    variables = {
        name: variable.numpy().astype(np.float64)
        for name, variable in variables_of(model).items()
    }
    found = model(images.astype(np.float32), training=training).numpy()
    interpreter = Interpreter(genotype, config, variables, training=training)
    expected = interpreter(images)
    return found, expected, interpreter.read, variables


@both_forms
@pytest.mark.parametrize("case", CASES)
def test_the_forward_pass_is_the_definition(case, optimize_graph):
    found, expected, read, variables = logits_of(
        case, optimize_graph, training=False
    )
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
    assert expected.std(axis=0).min() > 1e-3
    # Nothing else is built: what is dead has no variables.
    assert read == variables.keys()


@both_forms
@pytest.mark.parametrize("case", BATCH_STATISTICS)
def test_batch_statistics_are_those_of_the_definition(case, optimize_graph):
    found, expected, *_ = logits_of(case, optimize_graph, training=True)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)
    assert expected.std(axis=0).min() > 1e-3
