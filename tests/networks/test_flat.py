"""A network that computes with three vectors is the Keras model it is of."""

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.config import NetworkConfig
from hnas_tf.networks import initialize, network_of
from hnas_tf.networks.flat import FlatNetwork
from hnas_tf.networks.initialization import ordered_variables
from hnas_tf.plan import network_cost
from tests.networks.samples import (
    everything,
    in_parts,
    randomize,
    variables_of,
)

SIZE = (5, 4)
NETWORK = {"num_channels": 4, "num_groups": 2, "batch_norm_momentum": 0.75}
GENOTYPES = {
    "everything": everything(),
    "in_parts": in_parts(),
}


def make_model(genotype, **network):
    config = NetworkConfig(**{**NETWORK, **network})
    return network_of(genotype, config, image_size=SIZE)


@pytest.fixture(
    scope="module",
    params=[
        ("everything", True),
        ("in_parts", True),
        ("in_parts", False),
    ],
    ids=str,
)
def case(request):
    """Returns a flat network, and the variables that nothing starts with."""
    name, optimize_graph = request.param
    model = make_model(GENOTYPES[name], optimize_graph=optimize_graph)
    randomize(model, np.random.default_rng(0))
    network = FlatNetwork(model)
    return network, [v.numpy() for v in ordered_variables(model)]


@pytest.fixture
def network(case):
    """Returns the flat network, with equal values in it and its model."""
    network, values = case
    model = network.model
    for variable, value in zip(ordered_variables(model), values, strict=True):
        variable.assign(value)
    for flat, variables in vectors_of(network):
        flat.assign(joined(v.value for v in variables))
    return network


def vectors_of(network):
    """Returns the vectors, each with the variables that it holds."""
    variables = ordered_variables(network.model)
    trained = [v for v in variables if v.trainable]
    return [
        (network.kernels, [v for v in trained if len(v.shape) > 1]),
        (network.others, [v for v in trained if len(v.shape) == 1]),
        (network.averages, [v for v in variables if not v.trainable]),
    ]


def joined(values):
    return np.concatenate([np.ravel(value) for value in values])


def examples():
    rng = np.random.default_rng(1)
    images = rng.normal(size=(6, *SIZE, 3))
    factors = rng.normal(size=(6, 10))
    return tf.constant(images, tf.float32), tf.constant(factors, tf.float32)


def train(network, images, factors):
    """Returns logits, averages and the gradients of both vectors."""
    vectors = [network.kernels, network.others]
    with tf.GradientTape() as tape:
        kernels, others = map(tf.convert_to_tensor, vectors)
        logits, averages = network.train(images, kernels, others)
        loss = tf.reduce_sum(factors * logits)
    return logits, averages, *tape.gradient(loss, vectors)


def train_model(network, images, factors):
    """Returns the same of the Keras model."""
    (_, kernels), (_, others), (_, averages) = vectors_of(network)
    with tf.GradientTape() as tape:
        logits = network.model(images, training=True)
        loss = tf.reduce_sum(factors * logits)
    gradients = tape.gradient(loss, [v.value for v in kernels + others])
    return (
        logits,
        joined(v.value for v in averages),
        joined(gradients[: len(kernels)]),
        joined(gradients[len(kernels) :]),
    )


def contents_of(network):
    """Returns copies of all vectors, and of the variables of the model."""
    vectors = [flat.numpy() for flat, _ in vectors_of(network)]
    return [*vectors, *network.model.get_weights()]


def assert_close(found, expected):
    size = np.abs(expected).max()
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5 * size)


def in_a_function(function):
    return tf.function(function, autograph=False)


@pytest.mark.parametrize("how", [lambda f: f, in_a_function])
def test_a_step_gives_what_one_of_the_model_gives(network, how):
    before = contents_of(network)
    step = how(lambda *arrays: train(network, *arrays))
    found = step(*examples())
    for then, now in zip(before, contents_of(network), strict=True):
        assert np.array_equal(then, now)
    expected = train_model(network, *examples())
    assert np.abs(expected[1] - network.averages).max() > 0.1
    for one, other in zip(found, expected, strict=True):
        assert_close(one, other)


@pytest.mark.parametrize("how", [lambda f: f, in_a_function])
def test_inference_gives_what_that_of_the_model_gives(network, how):
    images, _ = examples()
    expected = network.model(images, training=False)
    initialize(network.model, [5])
    assert_close(how(network.infer)(images), expected)


def test_a_step_takes_what_it_is_given_and_not_what_is_kept(network):
    images, _ = examples()
    kernels, others = 2 * network.kernels, network.others - 0.25
    found, _ = network.train(images, kernels, others)
    network.kernels.assign(kernels)
    network.others.assign(others)
    network.to_model()
    assert_close(found, network.model(images, training=True))


def test_the_model_gets_what_the_vectors_hold(network):
    variables = ordered_variables(network.model)
    before = [v.numpy() for v in variables]
    for flat, _ in vectors_of(network):
        flat.assign(3 * flat)
    for variable, value in zip(variables, before, strict=True):
        assert np.array_equal(variable.numpy(), value), variable.path
    network.to_model()
    for variable, value in zip(variables, before, strict=True):
        assert np.array_equal(variable.numpy(), 3 * value), variable.path


@pytest.mark.parametrize("seed", [[0], [3, 1]])
def test_a_training_starts_where_that_of_the_model_does(network, seed):
    network.initialize(seed)
    network.to_model()
    found = {n: v.numpy() for n, v in variables_of(network.model).items()}
    initialize(network.model, seed)
    for name, variable in variables_of(network.model).items():
        assert np.array_equal(found[name], variable.numpy()), name


@pytest.mark.parametrize("genotype", GENOTYPES)
def test_the_vectors_have_room_for_every_number(genotype):
    network = FlatNetwork(make_model(GENOTYPES[genotype]))
    sizes = {}
    for name, variable in variables_of(network.model).items():
        kind = name.partition("/")[2]
        sizes[kind] = sizes.get(kind, 0) + variable.numpy().size
    assert network.kernels.shape == sizes["kernel"]
    assert network.others.shape == (
        sizes["gamma"] + sizes["beta"] + sizes["bias"]
    )
    assert network.averages.shape == 2 * sizes["gamma"]
    cost = network_cost(GENOTYPES[genotype], image_size=SIZE, **NETWORK)
    trained = network.kernels.shape[0] + network.others.shape[0]
    assert trained == cost.parameters


def test_only_the_averages_are_not_trained(network):
    trainable = [flat.trainable for flat, _ in vectors_of(network)]
    assert trainable == [True, True, False]


def test_another_momentum_makes_other_averages():
    images, _ = examples()
    found = []
    for momentum in (0.75, 0.25):
        model = make_model(everything(), batch_norm_momentum=momentum)
        network = FlatNetwork(model)
        network.initialize([1])
        start = network.averages.numpy()
        _, averages = network.train(images, network.kernels, network.others)
        found.append(averages - start)
    np.testing.assert_allclose(3 * found[0], found[1], rtol=1e-3, atol=1e-5)
