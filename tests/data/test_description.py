"""What is known of a dataset once it was looked at."""

import json
import subprocess
import sys

import numpy as np
import pytest

from hnas_tf.config import DataConfig, NetworkConfig, TrainingConfig
from hnas_tf.data import Description, fitted
from hnas_tf.data.dataset import load
from hnas_tf.data.description import (
    description_from_document,
    description_to_document,
)
from hnas_tf.data.splits import TEST, TRAIN, VALIDATION
from hnas_tf.errors import InvalidError

PROGRAM = """
import sys
for name in ("numpy", "tensorflow", "keras"):
    sys.modules[name] = None
from hnas_tf.data import Description, fitted
"""

FULL = Description(
    name="folder:pictures",
    image_size=(32, 24),
    image_channels=3,
    class_names=("cat", "dog"),
    mean=(1.0, 2.0, 3.0),
    std=(4.0, 5.0, 6.0),
    num_examples={"train": 7, "validation": 2},
    fingerprint="abc",
    key="def",
    skipped={"train/cat/1.jpg": "no picture"},
    odd={"grey": 2},
)


@pytest.mark.parametrize("split", [TRAIN, VALIDATION, TEST])
def test_mean_and_deviation_are_those_of_the_pixels(split):
    loaded, description = load(DataConfig(), split)
    pixels = loaded.examples.images.astype(np.float64)
    assert description.mean == (round(pixels.mean(), 3),)
    assert description.std == (round(pixels.std(), 3),)


@pytest.mark.parametrize("split", [TRAIN, VALIDATION, TEST])
def test_the_description_fits_the_data(split):
    loaded, description = load(DataConfig(), split)
    images, labels = loaded.examples
    assert description.name == "digits"
    assert images.shape[1:] == (
        *description.image_size,
        description.image_channels,
    )
    assert labels.max() + 1 == len(description.class_names)
    assert description.class_names[labels[0]] == str(labels[0])
    assert description.num_examples == {split: len(labels)}


def test_a_fingerprint_tells_other_pictures_and_only_those():
    prints = [load(DataConfig(), s)[1].fingerprint for s in (TRAIN, TEST)]
    assert len(set(prints)) == 2
    assert load(DataConfig(), TRAIN)[1].fingerprint == prints[0]


def test_a_description_comes_back_from_json():
    document = json.loads(json.dumps(description_to_document(FULL)))
    assert description_from_document(document) == FULL


def test_classes_channels_and_an_open_crop_are_the_pictures():
    network, training = fitted(
        NetworkConfig(), TrainingConfig(crop_size=0), FULL
    )
    assert (network.num_classes, network.image_channels) == (2, 3)
    assert training.crop_size == 24


@pytest.mark.parametrize(("padding", "most"), [(0, 24), (2, 28)])
def test_a_crop_fits_into_the_padded_picture(padding, most):
    def fit(size):
        config = TrainingConfig(crop_size=size, padding=padding)
        return fitted(NetworkConfig(), config, FULL)[1].crop_size

    assert fit(most) == most
    with pytest.raises(InvalidError) as raised:
        fit(most + 1)
    assert str(raised.value) == (
        f"`crop_size` must be at most {most} for those of folder:pictures. "
        f"Received: crop_size={most + 1}"
    )


def test_a_resized_crop_may_have_any_size():
    config = TrainingConfig(augmentation="resized_crop", crop_size=100)
    assert fitted(NetworkConfig(), config, FULL)[1].crop_size == 100


def test_neither_numpy_nor_tensorflow_is_needed_to_describe():
    subprocess.run([sys.executable, "-W", "error", "-c", PROGRAM], check=True)
