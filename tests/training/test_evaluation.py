"""The logits of a whole split are those of its pictures, one by one."""

import dataclasses

import numpy as np
import pytest

from hnas_tf.data.preprocessing import normalize
from hnas_tf.data.splits import TRAIN, VALIDATION
from hnas_tf.training import metrics
from hnas_tf.training.evaluation import inference_of, make_logits
from tests.training.samples import (
    DIGITS,
    NETWORK,
    digits,
    digits_data,
    make_network,
    one_device,
    toy_data,
)


def accuracy_of(model, data):
    logits = make_logits(inference_of(model), data, one_device())
    return lambda: metrics.accuracy(logits(), data.labels)


def logits_of(model, *, training=False):
    images = normalize(digits(VALIDATION).images, DIGITS)
    return model(images, training=training).numpy()


def counted(model, **training):
    """Returns the accuracy on the validation split, counted by NumPy."""
    labels = digits(VALIDATION).labels
    return np.mean(logits_of(model, **training).argmax(axis=1) == labels)


def average_over(model, number):
    """Makes the moving averages those of a few training images."""
    images = digits(TRAIN).images[10 * number :][:10]
    model(normalize(images, DIGITS), training=True)


@pytest.fixture(scope="module")
def model():
    config = dataclasses.replace(NETWORK, batch_norm_momentum=0.0)
    model = make_network(seed=5, config=config)
    average_over(model, 0)
    assert len(set(logits_of(model).argmax(axis=1))) > 3
    return model


@pytest.mark.parametrize("batch_size", [1, 64, 400, 401, 1000])
def test_it_is_what_numpy_counts_whatever_the_batch_size(model, batch_size):
    found = accuracy_of(model, digits_data(VALIDATION, batch_size=batch_size))()
    assert found == pytest.approx(counted(model), abs=1e-9)
    assert 0 < found < 1


def test_the_network_as_it_now_is_counts(model):
    accuracy = accuracy_of(model, digits_data(VALIDATION))
    found = []
    for number in range(4):
        average_over(model, number)
        found.append(accuracy())
        assert found[-1] == pytest.approx(counted(model), abs=1e-9)
    assert len(set(found)) == 4


def test_moving_averages_are_used_and_left_alone(model):
    before = model.get_weights()
    found = accuracy_of(model, digits_data(VALIDATION))()
    assert all(map(np.array_equal, before, model.get_weights()))
    model(
        normalize(digits(VALIDATION).images, DIGITS),
        training=True,
    )
    assert found != pytest.approx(counted(model), abs=1e-3)


@pytest.mark.parametrize("batch_size", [1, 2, 3, 4, 5, 7])
def test_what_fills_up_the_last_batch_does_not_count(model, batch_size):
    data = toy_data(
        np.ones((5, 8, 8, 1)), [1, 2, 1, 3, 3], batch_size=batch_size
    )
    dense = model.get_layer("head.dense")
    dense.kernel.assign(np.zeros(dense.kernel.shape))
    accuracy = accuracy_of(model, data)
    for label, expected in ((1, 0.4), (3, 0.4), (2, 0.2), (4, 0.0)):
        # Every image looks like the one digit.
        dense.bias.assign(np.eye(10)[label])
        assert accuracy() == expected
