"""Pictures that can be read in any order."""

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.data.pictures import IndexedPictures

NUMBER = 11
SEED = (3, 4)


def pictures_from(first, number=NUMBER):
    """Returns pictures of one pixel, which tells their number."""
    numbers = np.arange(first, first + number)
    return IndexedPictures(
        (numbers % 3).astype(np.int32),
        [f"picture {n}" for n in numbers],
        numbers.astype(np.uint8).reshape(-1, 1, 1, 1),
        tf.identity,
    )


PICTURES = pictures_from(0)


def row(pictures=PICTURES, *, seed=SEED, start=0, most=3 * NUMBER):
    keys = pictures.shuffled(seed, start=start).take(most)
    return np.array(list(keys.as_numpy_iterator()))


def seen(pictures, keys):
    """Returns the numbers and labels that a pipeline reads."""
    read = tf.autograph.experimental.do_not_convert(pictures.read)
    found = list(keys.map(read).as_numpy_iterator())
    return [int(image.item()) for image, _ in found], [int(y) for _, y in found]


def test_in_order_all_come_once():
    numbers, labels = seen(PICTURES, PICTURES.in_order())
    assert numbers == list(range(NUMBER))
    assert labels == [number % 3 for number in numbers]


def test_shuffled_each_comes_once_an_epoch_in_an_order_of_its_own():
    epochs = row().reshape(3, NUMBER)
    for epoch in epochs:
        assert sorted(epoch) == list(range(NUMBER))
    assert len({tuple(epoch) for epoch in epochs}) == 3


def test_the_seed_decides():
    assert np.array_equal(row(), row())
    assert not np.array_equal(row(), row(seed=(3, 5)))
    assert not np.array_equal(row(), row(seed=(4, 4)))


@pytest.mark.parametrize("start", [1, NUMBER - 1, NUMBER, 2 * NUMBER + 3, 1000])
def test_a_start_continues_exactly(start):
    whole = row(most=start + 40)
    assert np.array_equal(row(start=start, most=40), whole[start:])


def test_a_start_may_be_far_away():
    epoch = row(start=10**12 * NUMBER, most=NUMBER)
    assert sorted(epoch) == list(range(NUMBER))


def test_shuffled_pictures_have_their_own_labels():
    numbers, labels = seen(PICTURES, PICTURES.shuffled(SEED, start=0).take(30))
    assert numbers == row(most=30).tolist()
    assert labels == [number % 3 for number in numbers]


def test_a_selection_is_what_it_says():
    some = PICTURES.select(np.array([1, 4, 10]))
    assert seen(some, some.in_order()) == ([1, 4, 10], [1, 1, 1])
    assert some.names == ["picture 1", "picture 4", "picture 10"]
    assert some.labels.tolist() == [1, 1, 1]
    assert sorted(row(some, most=3)) == [0, 1, 2]


def test_joined_pictures_come_after_those_before():
    both = PICTURES.joined(pictures_from(20, 4))
    numbers = [*range(NUMBER), 20, 21, 22, 23]
    assert seen(both, both.in_order())[0] == numbers
    assert both.names == [f"picture {number}" for number in numbers]
    assert both.labels.tolist() == [number % 3 for number in numbers]
    with pytest.raises(TypeError, match="Expected pictures like these"):
        PICTURES.joined(None)


def test_paths_are_read_as_files(tmp_path):
    paths = [tmp_path / name for name in ("one", "zwei €")]
    for path in paths:
        path.write_text(path.name, encoding="utf-8")
    pictures = IndexedPictures(
        np.zeros(2, np.int32),
        ["1", "2"],
        np.array([str(path).encode() for path in paths], object),
        tf.io.read_file,
    )
    records = [pictures.read(key)[0].numpy() for key in (1, 0)]
    assert records == ["zwei €".encode(), b"one"]


def test_a_graph_does_not_contain_the_pictures():
    # Of more than 2 GB, none could be made.
    contents = np.zeros((100, 100, 100, 1), np.uint8)
    pictures = IndexedPictures(
        np.zeros(100, np.int32), range(100), contents, tf.identity
    )
    compiled = tf.function(
        pictures.read,
        autograph=False,
        input_signature=[tf.TensorSpec([], tf.int64)],
    )
    graph = compiled.get_concrete_function().graph.as_graph_def()
    assert graph.ByteSize() < 10_000
