"""Crops and flips."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.config import TrainingConfig
from hnas_tf.training.augmentation import augment
from hnas_tf.training.replica import Replica
from tests.training.samples import seed_of

BATCH = 1200
SHAPE = (BATCH, 5, 4, 2)
# No two pixels of an image are equal, and none is zero.
PIXELS = np.arange(1, 41, dtype=np.uint8).reshape(SHAPE[1:])
IMAGES = np.broadcast_to(PIXELS, SHAPE)

CROPPED = TrainingConfig(crop_size=4, padding=1, flip=False)
FLIPPED = dataclasses.replace(CROPPED, flip=True)
WHOLE = TrainingConfig(crop_size=4, padding=0, flip=True)


ALONE = Replica(0, 1)


def augmented(config, *, seed=(1, 2), images=IMAGES, **others):
    others = {"replica": ALONE, **others}
    return augment(
        tf.constant(images), seed_of(*seed), config, **others
    ).numpy()


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
    compiled = tf.function(augment, autograph=False)(
        tf.constant(IMAGES), seed_of(1, 2), FLIPPED, replica=ALONE
    )
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


@pytest.mark.parametrize("config", [CROPPED, FLIPPED])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_matrix_products_crop_to_the_bit_as_gathering_does(config, dtype):
    images = IMAGES.astype(dtype)
    found = augmented(config, images=images, on_tpu=True)
    assert found.dtype == dtype
    assert np.array_equal(found, augmented(config, images=images))


def test_replicas_crop_their_rows_as_one_device_crops_all():
    whole = augmented(FLIPPED)
    half = BATCH // 2
    for number in (0, 1):
        rows = slice(number * half, (number + 1) * half)
        part = augmented(
            FLIPPED,
            images=IMAGES[rows],
            replica=Replica(tf.constant(number), 2),
        )
        assert np.array_equal(part, whole[rows])


COLORED = dataclasses.replace(CROPPED, padding=0, crop_size=4, color=True)


def test_colors_change_brightness_and_contrast_alone():
    images = np.random.default_rng(0).integers(100, 150, (64, 4, 4, 3))
    images = images.astype(np.uint8)
    found = augmented(COLORED, images=images)
    assert found.dtype == np.float32
    for before, after in zip(images.astype(np.float32), found, strict=True):
        # Every channel: pixel -> contrast * pixel + an offset of its own.
        slopes = [
            np.polyfit(before[..., c].ravel(), after[..., c].ravel(), 1)[0]
            for c in range(3)
        ]
        assert np.ptp(slopes) < 1e-3
        assert 0.5 <= slopes[0] <= 1.5
        shift = after.mean() - before.mean()
        assert abs(shift) <= 32.001
    shifts = found.mean(axis=(1, 2, 3)) - images.mean(axis=(1, 2, 3))
    assert np.ptp(shifts) > 40


def test_colors_stay_within_what_a_pixel_can_be():
    images = np.random.default_rng(0).integers(0, 256, (64, 4, 4, 3))
    found = augmented(COLORED, images=images.astype(np.uint8))
    assert found.min() == 0.0 and found.max() == 255.0


def test_crops_that_were_resized_are_not_cropped_again():
    config = dataclasses.replace(
        CROPPED, augmentation="resized_crop", crop_size=3
    )
    assert np.array_equal(augmented(config), IMAGES)
