"""What is known of a dataset, and that nothing is needed to know it."""

import subprocess
import sys

import numpy as np
import pytest

from hnas_tf.data import describe
from hnas_tf.data.splits import TEST, TRAIN, VALIDATION, load_split
from hnas_tf.errors import InvalidError

PROGRAM = """
import sys
for name in ("numpy", "tensorflow", "keras"):
    sys.modules[name] = None
from hnas_tf.data import describe
print(describe("digits").image_size)
"""


def test_the_mean_and_deviation_are_those_of_the_training_split():
    pixels = load_split("digits", TRAIN).images.astype(np.float64)
    digits = describe("digits")
    assert digits.mean == round(pixels.mean(), 3)
    assert digits.std == round(pixels.std(), 3)
    for others in ([VALIDATION], [TEST], [TRAIN, VALIDATION, TEST]):
        pixels = load_split("digits", *others).images.astype(np.float64)
        assert digits.mean != round(pixels.mean(), 3)
        assert digits.std != round(pixels.std(), 3)


@pytest.mark.parametrize("split", [TRAIN, VALIDATION, TEST])
def test_the_description_fits_the_data(split):
    digits = describe("digits")
    images, labels = load_split("digits", split)
    assert digits.name == "digits"
    assert images.shape[1:] == (*digits.image_size, digits.image_channels)
    assert labels.max() + 1 == len(digits.class_names)
    assert digits.class_names[labels[0]] == str(labels[0])


@pytest.mark.parametrize("name", ["mnist", "", "Digits", "../digits"])
def test_an_unknown_dataset_is_a_clear_error(name):
    with pytest.raises(InvalidError) as raised:
        describe(name)
    assert str(raised.value) == (
        f"`dataset` must be one of digits. Received: dataset={name}"
    )


def test_neither_numpy_nor_tensorflow_is_needed_to_describe():
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (found.stdout, found.stderr) == ("(8, 8)\n", "")
