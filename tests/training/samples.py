"""Small networks and data for the tests of training."""

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.config import (
    DataConfig,
    DevicesConfig,
    NetworkConfig,
    TrainingConfig,
)
from hnas_tf.data.dataset import load
from hnas_tf.data.pictures import Examples
from hnas_tf.data.splits import TRAIN
from hnas_tf.genotype import Genotype, Motif
from hnas_tf.networks import initialize, network_of
from hnas_tf.training.resident import ResidentData
from hnas_tf.training.strategy import make_strategy

# Of Keras 3.15 under NumPy 2.4, where it reads a variable to save it.
SAVES = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword"
    ":DeprecationWarning"
)
"""Marks tests that save weights."""

_, DIGITS = load(DataConfig(), TRAIN)
NETWORK = NetworkConfig(num_channels=4, num_groups=2, image_channels=1)
TRAINING = TrainingConfig(
    batch_size=64,
    num_steps=40,
    learning_rate=0.1,
    crop_size=8,
    padding=1,
    flip=False,
)

# One motif with a bit of everything, on both ways to the sink.
MOTIF = Motif((("separable_conv_3x3",), ("max_pool_3x3", "conv_1x1")))
GENOTYPE = Genotype(((MOTIF,), (Motif(((1,), (1, 1))),)))


def make_network(*, seed=0, genotype=GENOTYPE, config=NETWORK):
    """Returns a network for images of any size."""
    with one_device().scope():
        model = network_of(genotype, config, image_size=(None, None))
    initialize(model, [seed])
    return model


def one_device():
    return make_strategy(DevicesConfig())


def digits(*splits):
    """Returns images and labels of splits of the digits."""
    return load(DataConfig(), *splits)[0].examples


def digits_data(*splits, batch_size=TRAINING.batch_size):
    """Returns splits of the digits on the device."""
    return ResidentData(
        digits(*splits), DIGITS, one_device(), batch_size=batch_size
    )


def toy_data(images, labels, *, batch_size):
    """Returns a few examples on the device."""
    examples = Examples(
        np.asarray(images, np.uint8), np.asarray(labels, np.int32)
    )
    return ResidentData(examples, DIGITS, one_device(), batch_size=batch_size)


def seed_of(*numbers):
    return tf.constant(numbers, tf.int32)
