"""The digits and their three splits."""

import hashlib

import numpy as np
import pytest

from hnas_tf.config import DataConfig
from hnas_tf.data.dataset import load
from hnas_tf.data.splits import TEST, TRAIN, VALIDATION

SIZES = {TRAIN: 995, VALIDATION: 401, TEST: 401}
# Of images and labels. Another split would make old fitnesses incomparable.
CHECKSUMS = {
    TRAIN: "07d65cd8bf109f3463c76b856c5b7dec03c26e7f04f6e140600b34d3fb6faf21",
    VALIDATION: (
        "303e06167f9a49b179b02c44075e054b786e14b0b2c5925dc0929ff5753db128"
    ),
    TEST: "63440724042bd528610c549d5104e5f4084852bc05ce299f1c5159e6191409ca",
}


def digits(*splits):
    return load(DataConfig(), *splits)[0].examples


def images_in(split):
    """Returns the set of a split's images, by their pixels."""
    return {image.tobytes() for image in digits(split).images}


@pytest.mark.parametrize("split", SIZES)
def test_a_split_has_its_size_and_types(split):
    images, labels = digits(split)
    assert images.shape == (SIZES[split], 8, 8, 1)
    assert labels.shape == (SIZES[split],)
    assert (images.dtype, labels.dtype) == (np.uint8, np.int32)
    assert (images.min(), images.max()) == (0, 16)
    assert set(labels) == set(range(10))


@pytest.mark.parametrize("split", SIZES)
def test_a_split_is_fixed(split):
    images, labels = digits(split)
    content = images.tobytes() + labels.astype("<i4").tobytes()
    assert hashlib.sha256(content).hexdigest() == CHECKSUMS[split]


def test_no_image_is_in_two_splits():
    found = [images_in(split) for split in SIZES]
    assert [len(images) for images in found] == list(SIZES.values())
    assert len(set.union(*found)) == sum(SIZES.values()) == 1797


def test_every_class_is_split_in_the_same_shares():
    counts = np.stack([np.bincount(digits(split).labels) for split in SIZES])
    shares = np.array(list(SIZES.values())) / 1797
    expected = shares[:, np.newaxis] * counts.sum(axis=0)
    assert np.abs(counts - expected).max() < 1


def test_several_splits_come_one_after_another():
    images, labels = digits(VALIDATION, TRAIN)
    parts = [digits(split) for split in (VALIDATION, TRAIN)]
    assert np.array_equal(images, np.concatenate([p.images for p in parts]))
    assert np.array_equal(labels, np.concatenate([p.labels for p in parts]))
