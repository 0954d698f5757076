"""Pictures in files of records: their orders, and their selections."""

import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.data.pictures import IndexedPictures
from hnas_tf.data.records import open_records
from hnas_tf.errors import InvalidError
from tests.data.records import numbers, parse, write_shards

SIZES = (5, 0, 9, 1, 7, 3)
TOTAL = sum(SIZES)
SEED = (3, 4)


@pytest.fixture
def pictures(tmp_path):
    return open_records("train", write_shards(tmp_path, SIZES), parse, SIZES)


def row(pictures, *, seed=SEED, start=0, most=3 * TOTAL):
    """Returns the beginning of an endless row."""
    return numbers(pictures, pictures.shuffled(seed, start=start), most)


def test_pictures_in_order_come_as_they_lie(pictures):
    order = numbers(pictures, pictures.in_order())
    assert order.tolist() == list(range(TOTAL))
    assert pictures.labels.tolist() == [number % 10 for number in order]
    assert pictures.labels.dtype == np.int32


def test_a_record_is_read_with_its_label(pictures):
    read = pictures.in_order().map(pictures.read)
    image, label = list(read.as_numpy_iterator())[12]
    assert (image, label, label.dtype) == (b"picture 12", 2, np.int32)


def test_names_tell_split_and_position(pictures):
    assert list(pictures.names) == [f"train:{n}" for n in range(TOTAL)]
    assert pictures.names[-1] == f"train:{TOTAL - 1}"
    assert pictures.names[4:7] == ["train:4", "train:5", "train:6"]


def test_every_picture_comes_once_an_epoch(pictures):
    for epoch in row(pictures).reshape(3, TOTAL):
        assert sorted(epoch) == list(range(TOTAL))


def test_every_epoch_has_an_order_of_its_own(pictures):
    orders = {tuple(epoch) for epoch in row(pictures).reshape(3, TOTAL)}
    assert len(orders | {tuple(range(TOTAL))}) == 4


def test_another_seed_is_another_order(pictures):
    assert not np.array_equal(row(pictures), row(pictures, seed=(3, 5)))
    assert not np.array_equal(row(pictures), row(pictures, seed=(4, 4)))


def test_the_global_seed_does_not_matter(pictures):
    expected = row(pictures)
    tf.random.set_seed(7)
    try:
        assert np.array_equal(row(pictures), expected)
    finally:
        tf.random.set_seed(None)


@pytest.mark.parametrize("start", [0, 1, TOTAL - 1, TOTAL, 2 * TOTAL + 3, 1000])
def test_a_start_continues_exactly(pictures, start):
    whole = row(pictures, most=start + 40)
    assert np.array_equal(row(pictures, start=start, most=40), whole[start:])


def test_an_order_is_that_of_another_process(pictures, tmp_path):
    program = (
        "import pathlib, sys\n"
        "from hnas_tf.data.records import open_records\n"
        "from tests.data.records import numbers, parse\n"
        "paths = sorted(map(str, pathlib.Path(sys.argv[1]).iterdir()))\n"
        f"pictures = open_records('train', paths, parse, {SIZES})\n"
        f"keys = pictures.shuffled({SEED}, start=30)\n"
        "print(numbers(pictures, keys, 40).tolist())"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert printed.strip() == str(row(pictures, start=30, most=40).tolist())


def test_a_selection_has_what_was_selected_in_every_order(pictures):
    selected = pictures.select(np.array([0, 4, 5, 13, 14, 24]))
    assert numbers(selected, selected.in_order()).tolist() == [
        *(0, 4, 5, 13, 14, 24)
    ]
    assert selected.labels.tolist() == [0, 4, 5, 3, 4, 4]
    assert selected.names[3] == "train:13"
    for epoch in row(selected, most=12).reshape(2, 6):
        assert sorted(epoch) == [0, 4, 5, 13, 14, 24]


def test_a_selection_of_a_selection_counts_from_the_first(pictures):
    odd = pictures.select(np.arange(1, TOTAL, 2))
    assert numbers(
        odd, odd.select(np.array([0, 3, 5])).in_order()
    ).tolist() == [1, 7, 11]


def test_a_selection_must_rise(pictures):
    with pytest.raises(ValueError, match="Expected rising positions"):
        pictures.select(np.array([3, 2]))


def test_joined_pictures_come_after_those_they_join(pictures, tmp_path):
    paths = write_shards(tmp_path, (4, 2), first=100)
    others = open_records("validation", paths, parse, (4, 2))
    joined = pictures.select(np.array([1, 20])).joined(others)
    expected = [1, 20, *range(100, 106)]
    assert numbers(joined, joined.in_order()).tolist() == expected
    assert list(joined.names[:3]) == ["train:1", "train:20", "validation:0"]
    assert joined.labels.tolist() == [1, 0, 0, 1, 2, 3, 4, 5]
    assert sorted(row(joined, most=8)) == expected
    last = joined.select(np.array([1, 7]))
    assert numbers(last, last.in_order()).tolist() == [20, 105]
    assert last.names[1] == "validation:5"


def test_two_parts_of_the_same_files_can_be_joined(pictures):
    some = pictures.select(np.array([2, 9]))
    both = some.joined(pictures.select(np.array([0, 2])))
    assert numbers(both, both.in_order()).tolist() == [2, 9, 0, 2]


def test_only_pictures_of_the_same_kind_can_be_joined(pictures):
    others = IndexedPictures(np.zeros(1, np.int32), ["a"], np.zeros(1), parse)
    with pytest.raises(TypeError, match="Expected pictures like these"):
        pictures.joined(others)


def test_one_file_of_one_picture_has_an_order(tmp_path):
    paths = write_shards(tmp_path, (1,))
    pictures = open_records("train", paths, parse, [1])
    assert row(pictures, start=5, most=3).tolist() == [0, 0, 0]


def test_more_files_than_are_read_at_a_time_are_all_read(tmp_path):
    paths = write_shards(tmp_path, range(40))
    pictures = open_records("train", paths, parse, range(40))
    total = sum(range(40))
    assert numbers(pictures, pictures.in_order()).tolist() == [*range(total)]
    assert pictures.labels.tolist() == [n % 10 for n in range(total)]
    assert sorted(row(pictures, most=total)) == list(range(total))


def test_no_file_is_read_before_it_must_be(tmp_path):
    pictures = open_records("train", [str(tmp_path / "none")], parse, [5])
    assert len(pictures.names) == 5
    with pytest.raises(InvalidError, match="the train split whole"):
        len(pictures.labels)


def test_a_file_with_too_few_pictures_is_told(tmp_path):
    paths = write_shards(tmp_path, (2, 3))
    pictures = open_records("train", paths, parse, [2, 4])
    with pytest.raises(InvalidError, match="Expected 4 pictures in .*: 3"):
        len(pictures.labels)
