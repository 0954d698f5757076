"""What is only evaluated on needs no training pictures."""

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.config import DataConfig
from hnas_tf.data.sources import open_source
from hnas_tf.data.splits import TEST, TRAIN, VALIDATION, pictures_of
from hnas_tf.errors import InvalidError


def write_pictures(folder, *names):
    """Writes tiny PNG files, their folders too."""
    content = tf.io.encode_png(np.zeros((2, 2, 3), np.uint8)).numpy()
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return DataConfig(dataset=f"folder:{folder}")


def write_npz(path, **arrays):
    np.savez(path, **arrays)
    return DataConfig(dataset=f"npz:{path}")


def to_evaluate(config):
    return open_source(config, needs_train=False)


def test_a_bare_folder_of_classes_is_a_test_split(tmp_path):
    config = write_pictures(tmp_path, "dog/1.png", "cat/2.png", "cat/1.png")
    source = to_evaluate(config)
    assert source.class_names == ("cat", "dog")
    assert list(source.found) == [TEST]
    assert source.found[TEST].names == ["cat/1.png", "cat/2.png", "dog/1.png"]
    assert list(source.found[TEST].labels) == [0, 0, 1]
    record, _ = source.found[TEST].read(tf.constant(2))
    assert record == (tmp_path / "dog" / "1.png").read_bytes()


def test_a_folder_with_only_a_test_split_will_do(tmp_path):
    config = write_pictures(tmp_path, "test/cat/1.png")
    source = to_evaluate(config)
    assert source.class_names == ("cat",)
    assert source.found[TEST].names == ["test/cat/1.png"]


def test_splits_may_have_different_classes(tmp_path):
    config = write_pictures(tmp_path, "train/cat/1.png", "test/dog/1.png")
    source = to_evaluate(config)
    assert source.class_names == ("cat", "dog")
    assert list(source.found[TEST].labels) == [1]


def test_a_folder_without_folders_is_refused(tmp_path):
    config = write_pictures(tmp_path, "1.png")
    with pytest.raises(InvalidError, match="LABEL/.* Received: no such folder"):
        to_evaluate(config)


def test_to_train_on_neither_will_do(tmp_path):
    bare = write_pictures(tmp_path / "bare", "cat/1.png", "dog/1.png")
    with pytest.raises(InvalidError, match="at least train, in .*: cat, dog"):
        open_source(bare)
    config = write_pictures(
        tmp_path / "own", "train/a/1.png", "train/b/1.png", "test/c/1.png"
    )
    with pytest.raises(InvalidError, match="the classes of .* Received: c"):
        open_source(config)


def test_arrays_of_a_test_split_will_do(tmp_path):
    arrays = {"x_test": np.zeros((2, 4, 4), np.uint8), "y_test": [3, 1]}
    config = write_npz(tmp_path / "some.npz", **arrays)
    source = to_evaluate(config)
    assert source.class_names == ("0", "1", "2", "3")
    assert list(source.found) == [TEST]
    with pytest.raises(InvalidError, match="x_train in .*: x_test, y_test"):
        open_source(config)


def test_arrays_of_no_split_are_refused(tmp_path):
    config = write_npz(tmp_path / "some.npz", pictures=[1])
    with pytest.raises(InvalidError, match="x_test and y_test .*: pictures"):
        to_evaluate(config)


@pytest.mark.parametrize("split", [TRAIN, VALIDATION])
def test_a_split_that_is_not_there_is_refused(tmp_path, split):
    config = write_pictures(tmp_path, "test/cat/1.png")
    with pytest.raises(
        InvalidError, match=f"Expected a {split} split .* only test"
    ):
        pictures_of(to_evaluate(config), config, split)
