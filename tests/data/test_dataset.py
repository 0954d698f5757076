"""A dataset decoded: its size, its statistics, its fingerprint."""

import numpy as np
import pytest

from hnas_tf.config import DataConfig
from hnas_tf.data import dataset
from hnas_tf.data.dataset import load, moments
from hnas_tf.data.splits import TRAIN, VALIDATION
from tests.data.image_files import noise, png, write, write_classes


def all_of(folder, **options):
    config = DataConfig(dataset=f"folder:{folder}", **options)
    return load(config, TRAIN, VALIDATION)


@pytest.fixture
def loaded_npz(tmp_path):
    """Loads arrays of 6 pictures as one split."""

    def loaded(x, y):
        np.savez(tmp_path / "x.npz", x_train=x, y_train=y)
        config = DataConfig(dataset=f"npz:{tmp_path}/x.npz")
        return load(config, TRAIN, VALIDATION)

    return loaded


@pytest.mark.parametrize(("wanted", "size"), [(None, 32), (9, 9)])
def test_pictures_of_many_sizes_get_one(tmp_path, wanted, size):
    for number in range(6):
        content = png(number, size=(5 + 9 * number, 70 - 8 * number))
        write(tmp_path, {f"train/{'ab'[number % 2]}/{number}.png": content})
    split, description = all_of(tmp_path, image_size=wanted)
    assert split.examples.images.shape == (6, size, size, 3)
    assert split.examples.images.dtype == np.uint8
    assert description.image_size == (size, size)


def test_mean_and_deviation_are_those_of_each_channel(tmp_path):
    write_classes(tmp_path)
    split, description = all_of(tmp_path)
    pixels = split.examples.images.reshape(-1, 3).astype(float)
    assert np.allclose(description.mean, pixels.mean(axis=0), atol=6e-4)
    assert np.allclose(description.std, pixels.std(axis=0), atol=6e-4)


def test_statistics_do_not_depend_on_how_many_are_looked_at(monkeypatch):
    images = np.stack([noise(seed=n) for n in range(10)])
    expected = moments(images)
    for most in (1, 15_000, 40_000):
        monkeypatch.setattr(dataset, "_CHUNK_BYTES", most)
        assert moments(images) == expected


def test_a_channel_that_is_the_same_everywhere_is_not_scaled():
    images = np.full((3, 4, 4, 2), 7, np.uint8)
    images[0, 0, 0, 1] = 8
    mean, std = moments(images)
    assert mean == (7.0, 7.021) and std == (1.0, 0.143)


def test_a_fingerprint_is_that_of_pixels_labels_and_order(loaded_npz):
    x = np.stack([noise(4, 4, seed=n) for n in range(6)])
    y = np.array([0, 1, 0, 1, 0, 1])
    other_pixel, other_label = x.copy(), y.copy()
    other_pixel[5, 3, 3, 2] ^= 1
    other_label[5] = 0
    other_order = [2, 1, 0, 3, 4, 5]  # The labels are the same.
    arrays = [
        (x, y),
        (other_pixel, y),
        (x, other_label),
        (x[other_order], y),
        (x[:5], y[:5]),
        (x.reshape(6, 2, 8, 3), y),
    ]
    prints = [loaded_npz(*some)[1].fingerprint for some in arrays]
    assert len(set(prints)) == 6
    assert loaded_npz(x, y)[1].fingerprint == prints[0]


def test_equal_pictures_have_equal_fingerprints_wherever_they_lie(tmp_path):
    one, other = (write_classes(tmp_path / name) for name in "ab")
    (other / "train/dog/004.png").rename(other / "train/dog/005.png")
    descriptions = [all_of(folder)[1] for folder in (one, other)]
    assert len({d.fingerprint for d in descriptions}) == 1
    assert len({d.key for d in descriptions}) == 2


def test_pictures_that_have_the_size_are_not_touched(loaded_npz):
    x = np.stack([noise(4, 5, seed=n) for n in range(6)])
    split, description = loaded_npz(x, np.arange(6) % 2)
    assert np.array_equal(split.examples.images, x)
    assert split.names[3] == "train:3"
    assert description.image_size == (4, 5)
