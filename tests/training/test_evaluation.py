"""The accuracy on a whole split is NumPy's count."""

import numpy as np
import pytest

from hnas_tf.data.preprocessing import normalize
from hnas_tf.data.splits import VALIDATION, load_split
from hnas_tf.training.evaluation import make_accuracy
from hnas_tf.training.strategy import make_strategy
from tests.training.samples import (
    DIGITS,
    digits_data,
    make_network,
    toy_data,
)


def accuracy_of(model, data, batch_size):
    return make_accuracy(model, data, make_strategy(), batch_size=batch_size)


def counted(model, *, training=False):
    """Returns the accuracy on the validation split, counted by NumPy."""
    images, labels = load_split("digits", VALIDATION)
    logits = model(normalize(images, DIGITS), training=training).numpy()
    return np.mean(logits.argmax(axis=1) == labels)


def move_averages(model, seed):
    rng = np.random.default_rng(seed)
    for variable in model.non_trainable_variables:
        variable.assign(rng.uniform(0.5, 1.5, size=variable.shape))


def always(label):
    """Returns a network that sees the same digit in every image."""
    model = make_network()
    dense = model.get_layer("head.dense")
    dense.kernel.assign(np.zeros(dense.kernel.shape))
    dense.bias.assign(np.eye(10)[label])
    return model


@pytest.fixture(scope="module")
def model():
    return make_network(seed=5)


@pytest.mark.parametrize("batch_size", [1, 64, 400, 401, 1000])
def test_it_is_what_numpy_counts_whatever_the_batch_size(model, batch_size):
    move_averages(model, 0)
    found = accuracy_of(model, digits_data(VALIDATION), batch_size)()
    assert found == pytest.approx(counted(model), abs=1e-9)
    assert 0 < found < 1


def test_the_network_as_it_now_is_counts(model):
    accuracy = accuracy_of(model, digits_data(VALIDATION), 64)
    found = []
    for seed in range(4):
        move_averages(model, seed)
        found.append(accuracy())
        assert found[-1] == pytest.approx(counted(model), abs=1e-9)
    assert len(set(found)) > 1


def test_moving_averages_are_used_and_left_alone(model):
    move_averages(model, 3)
    before = model.get_weights()
    found = accuracy_of(model, digits_data(VALIDATION), 64)()
    assert all(map(np.array_equal, before, model.get_weights()))
    assert found != pytest.approx(counted(model, training=True), abs=1e-3)


@pytest.mark.parametrize("batch_size", [1, 2, 3, 4, 5, 7])
def test_what_fills_up_the_last_batch_does_not_count(batch_size):
    data = toy_data(np.ones((5, 8, 8, 1)), [1, 2, 1, 3, 3])
    for label, expected in ((1, 0.4), (3, 0.4), (2, 0.2), (4, 0.0)):
        accuracy = accuracy_of(always(label), data, batch_size)
        assert accuracy() == expected
