"""Where the variables of a network start."""

import math

import numpy as np
import pytest
from scipy import stats

from hnas_tf.networks import cifar_network, initialize
from tests.networks.samples import SPACES, only, randomize, sparse, variables_of

SMALL = {"num_channels": 2, "num_groups": 2, "image_size": (4, 4)}
WIDTH = 64
CONSTANTS = {
    "gamma": 1,
    "beta": 0,
    "bias": 0,
    "moving_mean": 0,
    "moving_variance": 1,
}


def arrays_of(model):
    return {name: v.numpy() for name, v in variables_of(model).items()}


def all_equal(some, others):
    assert some.keys() == others.keys()
    return [name for name in some if np.array_equal(some[name], others[name])]


@pytest.fixture(scope="module", params=[True, False])
def optimize_graph(request):
    return request.param


@pytest.fixture(scope="module")
def model(optimize_graph):
    genotype = sparse(SPACES["hierarchical"], 1)
    return cifar_network(genotype, optimize_graph=optimize_graph, **SMALL)


@pytest.fixture(scope="module")
def wide(optimize_graph):
    """Returns a network in which a kernel has many numbers."""
    return cifar_network(
        only("conv_1x1"),
        num_channels=WIDTH,
        num_groups=1,
        num_classes=100,
        image_channels=2,
        optimize_graph=optimize_graph,
    )


@pytest.mark.parametrize("seed", [[0], [1, 2, 3], [2**40, 0]])
def test_equal_seeds_give_equal_variables(model, seed):
    initialize(model, seed)
    first = arrays_of(model)
    randomize(model, np.random.default_rng(0))
    initialize(model, seed)
    assert all_equal(first, arrays_of(model)) == list(first)


@pytest.mark.parametrize("other", [[1], [0, 1], [1, 0]])
def test_another_seed_gives_other_kernels(model, other):
    initialize(model, [0])
    first = arrays_of(model)
    initialize(model, other)
    equal = all_equal(first, arrays_of(model))
    assert {name.partition("/")[2] for name in equal} == CONSTANTS.keys()


def test_every_variable_is_set(model):
    for variable in model.variables:
        variable.assign(np.full(variable.shape, np.nan))
    initialize(model, [3])
    for name, values in arrays_of(model).items():
        kind = name.partition("/")[2]
        if kind == "kernel":
            assert np.isfinite(values).all() and values.std() > 0, name
        else:
            assert (values == CONSTANTS[kind]).all(), name


def test_no_two_kernels_are_equal(model):
    initialize(model, [4])
    first = [
        float(values.flat[0])
        for name, values in arrays_of(model).items()
        if name.endswith("/kernel")
    ]
    assert len(set(first)) == len(first) > 5


@pytest.mark.parametrize(
    ("layer", "variance"),
    [
        ("stem.conv_3x3.conv", 2 / (9 * 2)),
        ("group1.cell1.edge_1_2.conv_1x1.conv", 2 / WIDTH),
        ("group1.cell1.separable_conv_3x3.depthwise", 2 / 9),
        ("group1.cell1.separable_conv_3x3.pointwise", 2 / WIDTH),
        ("head.dense", 1 / WIDTH),
    ],
)
def test_kernels_are_normal_with_the_variance_of_their_fan_in(
    wide, layer, variance
):
    initialize(wide, [5])
    values = arrays_of(wide)[f"{layer}/kernel"].ravel()
    room = 5 * math.sqrt(2 / values.size)
    assert values.size > 500
    assert np.mean(values**2) == pytest.approx(variance, rel=room)
    assert stats.kstest(values / math.sqrt(variance), "norm").pvalue > 1e-3


def test_the_seed_of_a_network_is_that_of_its_variables():
    genotype = only("separable_conv_3x3")
    first, again, other = (
        arrays_of(cifar_network(genotype, seed=seed, **SMALL))
        for seed in (7, 7, 8)
    )
    assert all_equal(first, again) == list(first)
    assert len(all_equal(first, other)) < len(first)
