"""From pixels as stored to what a network reads."""

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.config import DataConfig
from hnas_tf.data import Description
from hnas_tf.data.dataset import load
from hnas_tf.data.preprocessing import normalize
from hnas_tf.data.splits import TEST, TRAIN


@pytest.mark.parametrize("split", [TRAIN, TEST])
def test_digits_come_out_with_mean_0_and_deviation_1(split):
    _, description = load(DataConfig(), TRAIN)
    images = load(DataConfig(), split)[0].examples.images
    values = normalize(tf.constant(images), description).numpy()
    assert values.shape == images.shape
    assert abs(values.mean()) < 0.01
    assert abs(values.std() - 1) < 0.01


@pytest.mark.parametrize("dtype", [tf.uint8, tf.float32, tf.float16])
def test_every_channel_is_shifted_and_scaled_alike(dtype):
    description = Description(
        "toy", (2, 1), 2, ("a", "b"), mean=(3.0, 1.0), std=(4.0, 2.0)
    )
    images = tf.constant([[[[0, 3]], [[7, 255]]]], dtype)
    values = normalize(images, description)
    assert values.dtype == tf.float32
    assert np.array_equal(values, [[[[-0.75, 1]], [[1, 127]]]])
