"""Pictures and answers are kept, and read as they were."""

import numpy as np
import pytest

from hnas_tf.errors import ArchiveError
from hnas_tf.serving.answers import Answers, evenly_spread, load_answers

# How many there are, how many are wanted, and which are taken.
SPREADS = [
    (0, 0, []),
    (0, 5, []),
    (5, 0, []),
    (1, 1, [0]),
    (1, 3, [0]),
    (5, 1, [0]),
    (5, 5, [0, 1, 2, 3, 4]),
    (5, 9, [0, 1, 2, 3, 4]),
    (10, 5, [0, 2, 4, 6, 8]),
    (10, 4, [0, 2, 5, 7]),
    (7, 3, [0, 2, 4]),
    (401, 4, [0, 100, 200, 300]),
]


def make_answers(number=7):
    rng = np.random.default_rng(number)
    records = [rng.bytes(n * 3 % 5) for n in range(number)]
    images = rng.integers(256, size=(number, 4, 5, 3), dtype=np.uint8)
    probabilities = rng.dirichlet(np.ones(6), number).astype(np.float32)
    return Answers(tuple(records), images, probabilities)


def assert_equal(found, expected):
    assert found.records == expected.records
    assert found.images.dtype == np.uint8
    assert found.probabilities.dtype == np.float32
    assert np.array_equal(found.images, expected.images)
    assert np.array_equal(found.probabilities, expected.probabilities)


@pytest.fixture
def path(tmp_path):
    """A file of answers."""
    path = tmp_path / "answers.npz"
    make_answers().save(path)
    return path


def test_answers_come_back_as_they_were_saved(path):
    expected = make_answers()
    assert b"" in expected.records  # An empty one too.
    assert_equal(load_answers(path), expected)


def test_predictions_are_the_most_probable_classes():
    answers = make_answers()
    rows = answers.probabilities.tolist()
    assert answers.predictions.tolist() == [row.index(max(row)) for row in rows]


@pytest.mark.parametrize("number", [1, 3, 7, 100])
def test_some_are_whole_answers_from_everywhere(number):
    answers = make_answers()
    some = answers.some(number)
    chosen = evenly_spread(7, number)
    assert len(some.records) == min(number, 7)
    assert some.records == tuple(answers.records[n] for n in chosen)
    assert np.array_equal(some.images, answers.images[chosen])
    assert np.array_equal(some.probabilities, answers.probabilities[chosen])


@pytest.mark.parametrize(("total", "number", "expected"), SPREADS)
def test_positions_are_spread_evenly(total, number, expected):
    assert evenly_spread(total, number).tolist() == expected


def test_no_position_is_beyond_a_very_large_total():
    spread = evenly_spread(14_000_000, 1000)
    assert spread[-1] < 14_000_000
    assert set(np.diff(spread)) == {14_000}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no such thing",
        b"PK\x03\x04",
        b"PK\x03\x04" + bytes(100),
        b"\x93NUMPY and no more",
    ],
)
def test_a_file_that_holds_something_else_is_an_error(path, content):
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match=f"^Expected .*{path}.* Received: "):
        load_answers(path)


def test_a_file_that_breaks_off_is_an_error(path):
    content = path.read_bytes()
    for size in range(0, len(content), 50):
        path.write_bytes(content[:size])
        with pytest.raises(ArchiveError, match="^Expected .* Received: "):
            load_answers(path)


def test_a_byte_that_flipped_is_an_error(path):
    content = bytearray(path.read_bytes())
    content[content.index(make_answers().images.tobytes())] ^= 1
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="^Expected .* Received: "):
        load_answers(path)


def test_arrays_of_other_names_are_an_error(path):
    np.savez(path, records=np.zeros(3, np.uint8))
    with pytest.raises(ArchiveError, match="lengths"):
        load_answers(path)


def test_an_array_alone_is_an_error(path):
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(ArchiveError, match="^Expected .* Received: "):
        load_answers(path)


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(ArchiveError, match="^Expected .*none.npz.* Received: "):
        load_answers(tmp_path / "none.npz")
