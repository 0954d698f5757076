"""Crops and flips."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.config import TrainingConfig
from hnas_tf.training.augmentation import augment
from tests.training.samples import seed_of

BATCH = 1200
SHAPE = (BATCH, 5, 4, 2)
# No two pixels of an image are equal, and none is zero.
PIXELS = np.arange(1, 41, dtype=np.uint8).reshape(SHAPE[1:])
IMAGES = np.broadcast_to(PIXELS, SHAPE)

CROPPED = TrainingConfig(crop_size=4, padding=1, flip=False)
FLIPPED = dataclasses.replace(CROPPED, flip=True)
WHOLE = TrainingConfig(crop_size=4, padding=0, flip=True)


def augmented(config, *, seed=(1, 2), images=IMAGES):
    return augment(tf.constant(images), seed_of(*seed), config).numpy()


def windows(config):
    """Returns every crop of the padded image, by its bytes, and where."""
    size, around = config.crop_size, (config.padding, config.padding)
    padded = np.pad(PIXELS, (around, around, (0, 0)))
    height, width = padded.shape[:2]
    return {
        padded[y : y + size, x : x + size].tobytes(): (y, x)
        for y in range(height - size + 1)
        for x in range(width - size + 1)
    }


def places(config, images):
    """Returns the corner of every image's window, and whether it is mirrored.

    An image that is no window of the padded one is a `KeyError`.
    """
    known = windows(config)
    found = []
    for image in images:
        mirrored = image.tobytes() not in known
        image = image[:, ::-1] if mirrored else image
        found.append((known[image.tobytes()], mirrored))
    return found


@pytest.mark.parametrize("padding", [0, 1, 3])
def test_every_crop_is_a_window_and_every_window_occurs_alike(padding):
    config = dataclasses.replace(CROPPED, padding=padding)
    found = places(config, augmented(config))
    assert not any(mirrored for _, mirrored in found)
    corners = [corner for corner, _ in found]
    known = set(windows(config).values())
    assert len(known) == (2 + 2 * padding) * (1 + 2 * padding)
    assert set(corners) == known
    expected = BATCH / len(known)
    for corner in known:
        assert abs(corners.count(corner) - expected) < 5 * expected**0.5


def test_about_half_are_mirrored_wherever_they_are_cropped():
    found = places(FLIPPED, augmented(FLIPPED))
    assert 0.43 < np.mean([mirrored for _, mirrored in found]) < 0.57
    for corner in windows(FLIPPED).values():
        here = [mirrored for at, mirrored in found if at == corner]
        assert 0.2 < np.mean(here) < 0.8


def test_without_padding_a_whole_image_is_only_mirrored():
    images = IMAGES[:, :4]
    found = augmented(WHOLE, images=images)
    mirrored = (found == images[:, :, ::-1]).all(axis=(1, 2, 3))
    assert 0.43 < mirrored.mean() < 0.57
    assert np.array_equal(found[~mirrored], images[~mirrored])


def test_equal_seeds_give_equal_crops():
    first = augmented(FLIPPED)
    assert np.array_equal(first, augmented(FLIPPED))
    compiled = tf.function(augment)(tf.constant(IMAGES), seed_of(1, 2), FLIPPED)
    assert np.array_equal(first, compiled)


@pytest.mark.parametrize("config", [CROPPED, WHOLE])
@pytest.mark.parametrize("other", [(1, 3), (0, 2), (2, 1)])
def test_other_seeds_give_other_crops(config, other):
    images = IMAGES[:, :4]
    first = augmented(config, images=images)
    second = augmented(config, seed=other, images=images)
    changed = (first != second).any(axis=(1, 2, 3))
    assert 0.4 < changed.mean() < 1


def test_flipping_leaves_the_crops_as_they_are():
    plain = places(CROPPED, augmented(CROPPED))
    flipped = places(FLIPPED, augmented(FLIPPED))
    assert [at for at, _ in plain] == [at for at, _ in flipped]


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float16])
def test_the_type_is_kept(dtype):
    found = augmented(FLIPPED, images=IMAGES.astype(dtype))
    assert found.dtype == dtype
    assert found.shape == (BATCH, 4, 4, 2)
    assert np.array_equal(found, augmented(FLIPPED).astype(dtype))
