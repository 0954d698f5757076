"""Small networks and data for the tests of training."""

import numpy as np
import tensorflow as tf

from hnas_tf.config import NetworkConfig, TrainingConfig
from hnas_tf.data import describe
from hnas_tf.data.splits import Examples, load_split
from hnas_tf.genotype import Genotype, Motif
from hnas_tf.networks import initialize, network_of
from hnas_tf.training.device_data import put_on_device
from hnas_tf.training.strategy import make_strategy

DIGITS = describe("digits")
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
    with make_strategy().scope():
        model = network_of(genotype, config, image_size=(None, None))
    initialize(model, [seed])
    return model


def digits_data(*splits):
    """Returns splits of the digits on the device."""
    return put_on_device(load_split("digits", *splits), DIGITS, make_strategy())


def toy_data(images, labels):
    """Returns a few examples on the device."""
    examples = Examples(
        np.asarray(images, np.uint8), np.asarray(labels, np.int32)
    )
    return put_on_device(examples, DIGITS, make_strategy())


def seed_of(*numbers):
    return tf.constant(numbers, tf.int32)
