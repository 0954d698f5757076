"""A file of arrays: what is taken, and what is refused."""

import io
import zipfile

import numpy as np
import pytest

from hnas_tf.config import DataConfig
from hnas_tf.data.dataset import load
from hnas_tf.data.sources import open_source
from hnas_tf.errors import InvalidError

RNG = np.random.default_rng(0)
X = RNG.integers(0, 256, (6, 4, 5, 3), np.uint8)
Y = np.array([0, 1, 2, 0, 1, 2])
GOOD = {"x_train": X, "y_train": Y}


def content_of(arrays, save=np.savez):
    target = io.BytesIO()
    save(target, **arrays)
    return target.getvalue()


@pytest.fixture
def opened(tmp_path):
    """Opens bytes, or arrays."""

    def opened(content):
        if isinstance(content, dict):
            content = content_of(content)
        path = tmp_path / "some pictures.npz"
        path.write_bytes(content)
        return open_source(DataConfig(dataset=f"npz:{path}"))

    return opened


@pytest.fixture
def complaint(opened):
    def complaint(content):
        with pytest.raises(InvalidError) as raised:
            opened(content)
        assert "\n" not in str(raised.value)
        return str(raised.value)

    return complaint


def test_all_splits_are_found_as_they_are(opened):
    names = ("train", "validation", "test")
    arrays = {f"x_{s}": X[n:] for n, s in enumerate(names)}
    source = opened(arrays | {f"y_{s}": Y[n:] for n, s in enumerate(names)})
    assert (source.image_size, source.image_channels) == ((4, 5), 3)
    assert source.class_names == ("0", "1", "2")
    for number, name in enumerate(names):
        pictures = source.found[name]
        assert np.array_equal(pictures.contents, X[number:])
        assert np.array_equal(pictures.labels, Y[number:])
        assert pictures.labels.dtype == np.int32
        assert pictures.names[1] == f"{name}:1"


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (X[..., 0], Y),
        (X[..., :1], Y),
        (np.asfortranarray(X[..., 0]), Y),
        (X[..., :1], Y[:, np.newaxis]),
        (X[..., :1], Y.astype(np.uint8)),
        (X[..., :1], Y.astype(">i8")),
    ],
)
def test_grey_pictures_and_columns_of_labels_are_taken(opened, x, y):
    source = opened({"x_train": x, "y_train": y})
    pictures = source.found["train"]
    assert source.image_channels == 1
    assert np.array_equal(pictures.contents, X[..., :1])
    assert np.array_equal(pictures.labels, Y)


def test_arrays_may_be_compressed_and_have_others_beside_them(opened):
    content = content_of(GOOD | {"notes": np.zeros(3)}, np.savez_compressed)
    assert np.array_equal(opened(content).found["train"].contents, X)


def test_the_key_is_that_of_the_file(opened):
    key = opened(GOOD).key
    assert opened(GOOD).key == key
    assert opened(GOOD | {"y_train": Y[::-1]}).key != key


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({}, "Expected an array x_train in PATH. Received: no array"),
        ({"x": X, "y": Y}, "array x_train in PATH. Received: x, y"),
        ({"x_train": X}, "Expected an array y_train in PATH. Received: x_tr"),
        (GOOD | {"x_test": X}, "Expected an array y_test in PATH"),
        (GOOD | {"y_validation": Y}, "Expected an array x_validation in PATH"),
        (GOOD | {"x_train": X[0, :, :, 0]}, "height, width, 1 or 3] in PATH"),
        (GOOD | {"x_train": X[..., :2]}, "Received: [6, 4, 5, 2]"),
        (GOOD | {"x_train": X[np.newaxis]}, "Received: [1, 6, 4, 5, 3]"),
        (GOOD | {"x_train": np.uint8(3)}, "Received: []"),
        (
            GOOD | {"x_train": X / 255},
            "x_train of type uint8 in PATH. Received",
        ),
        (GOOD | {"x_train": X.astype(np.int64)}, "Received: int64"),
        (GOOD | {"y_train": Y[1:]}, "each of 6 pictures, and at least one, in"),
        (GOOD | {"y_train": np.eye(3)[Y]}, "Received: [6, 3]"),
        (GOOD | {"y_train": np.int64(3)}, "Received: []"),
        ({n: a[:0] for n, a in GOOD.items()}, "0 pictures, and at least one"),
        (GOOD | {"x_train": X[:, :0]}, "and at least one"),
        (GOOD | {"y_train": Y - 1}, "Received: int64, -1 to 1"),
        (GOOD | {"y_train": Y / 2}, "Received: float64"),
        (GOOD | {"y_train": Y > 0}, "Received: bool"),
        (GOOD | {"y_train": Y.astype(str)}, "Received: <U21"),
        (GOOD | {"y_train": Y * 3}, "from 0 to 5 at most, each of a training"),
        (GOOD | {"y_train": Y * 2**31}, "Received: int64, 0 to 4294967296"),
        (
            GOOD | {"y_train": Y * 2},
            "class in npz:PATH. Received: none of 1, 3",
        ),
        (GOOD | {"x_test": X, "y_test": Y + 1}, "Received: none of 3"),
        (GOOD | {"x_test": X[:, 1:], "y_test": Y}, "(3, 5, 3), (4, 5, 3)]"),
        (GOOD | {"x_test": X[..., 0], "y_test": Y}, "(4, 5, 1), (4, 5, 3)]"),
        (GOOD | {"y_train": np.array([{}, 1], object)}, "Object arrays cannot"),
    ],
)
def test_arrays_that_do_not_fit_are_named(complaint, tmp_path, arrays, words):
    path = str(tmp_path / "some pictures.npz")
    assert words.replace("PATH", path) in complaint(arrays)


def test_what_is_no_file_of_arrays_is_refused(complaint):
    one_array = io.BytesIO()
    np.save(one_array, X)
    for content in (b"", b"pictures", one_array.getvalue()):
        assert complaint(content).endswith("Received: no npz file")


def test_an_archive_of_other_files_has_no_arrays(complaint):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("x_train", "not an array")
    assert complaint(target.getvalue()).endswith("Received: no array")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_damaged_file_is_refused_or_read(opened, save):
    whole, rng = content_of(GOOD, save), np.random.default_rng(1)
    num_refused = 0
    for number in range(400):
        content = bytearray(whole)
        if number % 2:
            content = content[: rng.integers(0, len(content))]
        else:
            content[rng.integers(0, len(content))] ^= 1 << rng.integers(0, 8)
        try:
            opened(bytes(content))
        except InvalidError:
            num_refused += 1
    assert num_refused > 250


def test_a_file_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "gone.npz"
    with pytest.raises(InvalidError, match=f"in {path}. Received: .*No such"):
        open_source(DataConfig(dataset=f"npz:{path}"))


def test_pictures_are_resized_only_if_that_is_wanted(tmp_path):
    path = tmp_path / "x.npz"
    path.write_bytes(content_of(GOOD))
    config = DataConfig(dataset=f"npz:{path}")
    whole = load(config, "train", "validation")[0]
    assert np.array_equal(whole.examples.images, X)
    resized = DataConfig(dataset=f"npz:{path}", image_size=7)
    split, description = load(resized, "train", "validation")
    assert split.examples.images.shape == (6, 7, 7, 3)
    assert description.image_size == (7, 7)
    assert not description.odd
