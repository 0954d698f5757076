"""The order in which examples come."""

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.data.order import shuffled_indices

SIZES = [(4, 12), (5, 12), (7, 12), (12, 12), (30, 12), (64, 995), (3, 1)]


def positions_of(step, batch_size):
    return step * batch_size + tf.range(batch_size, dtype=tf.int64)


def batch(step, *, seed=(1, 2), batch_size, num_examples):
    indices = shuffled_indices(
        positions_of(step, batch_size),
        tf.constant(seed, tf.int32),
        num_examples=num_examples,
    )
    assert indices.shape == (batch_size,)
    assert indices.dtype == tf.int64
    return indices.numpy()


def epochs(num_epochs, *, batch_size, num_examples, seed=(1, 2)):
    """Returns the order of the first epochs, [epoch, example]."""
    sizes = {"batch_size": batch_size, "num_examples": num_examples}
    num_steps = -(-num_epochs * num_examples // batch_size)
    order = np.concatenate(
        [batch(step, seed=seed, **sizes) for step in range(num_steps)]
    )
    return order[: num_epochs * num_examples].reshape(num_epochs, -1)


@pytest.mark.parametrize(("batch_size", "num_examples"), SIZES)
def test_every_example_comes_once_an_epoch(batch_size, num_examples):
    # Among the sizes are batches that span two epochs, and more.
    order = epochs(4, batch_size=batch_size, num_examples=num_examples)
    for epoch in order:
        assert sorted(epoch) == list(range(num_examples))


def test_every_epoch_has_an_order_of_its_own():
    order = epochs(5, batch_size=10, num_examples=40)
    assert len(set(map(tuple, order))) == 5


@pytest.mark.parametrize("other", [(1, 3), (2, 2), (2, 1), (0, 0)])
def test_another_seed_gives_another_order(other):
    sizes = {"batch_size": 40, "num_examples": 40}
    first = batch(0, **sizes)
    assert not np.array_equal(first, batch(0, seed=other, **sizes))


def test_the_order_does_not_depend_on_the_batch_size():
    orders = [epochs(3, batch_size=n, num_examples=20) for n in (3, 20, 60)]
    assert np.array_equal(orders[0], orders[1])
    assert np.array_equal(orders[0], orders[2])


def test_a_batch_is_a_function_of_step_and_seed():
    sizes = {"batch_size": 8, "num_examples": 20}
    first = [batch(step, **sizes) for step in (0, 3, 1000)]
    batch(7, seed=(5, 5), **sizes)
    again = [batch(step, **sizes) for step in (1000, 3, 0)][::-1]
    compiled = tf.function(shuffled_indices, autograph=False)
    for step, one, other in zip((0, 3, 1000), first, again, strict=True):
        assert np.array_equal(one, other)
        graph = compiled(
            positions_of(step, 8), tf.constant([1, 2]), num_examples=20
        )
        assert np.array_equal(one, graph)


def test_late_steps_of_long_trainings_are_in_range():
    indices = batch(10**9, batch_size=1024, num_examples=1_281_167)
    assert indices.min() >= 0 and indices.max() < 1_281_167
    assert len(set(indices)) == 1024


def test_an_epoch_begins_anywhere_with_equal_chance():
    firsts = [
        batch(0, seed=(seed, 0), batch_size=1, num_examples=5)[0]
        for seed in range(500)
    ]
    # 100 each are expected, with a standard deviation of 9.
    assert all(60 < count < 140 for count in np.bincount(firsts, minlength=5))
