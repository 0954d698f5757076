"""Trains on one device and on two; writes what came to a file.

    python -m tests.training.two_devices FILE.npz

A second logical CPU can only be made before TensorFlow starts, so this needs a
fresh process.
"""

import dataclasses
import pathlib
import sys
import tempfile

import numpy as np
import tensorflow as tf

from hnas_tf.config import NetworkConfig
from hnas_tf.data.splits import TRAIN, VALIDATION
from hnas_tf.errors import InvalidError
from hnas_tf.networks import network_of
from hnas_tf.training.evaluation import make_logits
from hnas_tf.training.resident import ResidentData
from hnas_tf.training.streamed import StreamedData
from hnas_tf.training.trainer import Trainer
from tests.networks.samples import everything
from tests.training.samples import DIGITS, TRAINING, digits
from tests.training.streams import (
    DESCRIPTION,
    RESIZED_CROP,
    pictures_of,
    write_pictures,
)

NUM_STEPS = 3
# Rounding then does not grow.
EVERYTHING = dataclasses.replace(
    TRAINING, flip=True, color=True, padding=2, learning_rate=0.01
)
STREAMED = dataclasses.replace(
    RESIZED_CROP, flip=True, color=True, learning_rate=0.01
)


def resident(strategy):
    train, held_out = (
        ResidentData(
            digits(split), DIGITS, strategy, batch_size=EVERYTHING.batch_size
        )
        for split in (TRAIN, VALIDATION)
    )
    return train, held_out, EVERYTHING


def streamed(root):
    def data(strategy):
        pictures = pictures_of(root)
        data = StreamedData(pictures, DESCRIPTION, STREAMED, strategy)
        return data, data, STREAMED

    return data


def train(make_data, strategy):
    """Returns figures, variables and logits of a training, and its traces."""
    data, held_out, config = make_data(strategy)
    network = NetworkConfig(
        num_channels=4,
        num_groups=2,
        image_channels=data.description.image_channels,
        num_classes=len(data.description.class_names),
    )
    with strategy.scope():
        model = network_of(everything(), network, image_size=(None, None))
    trainer = Trainer(model, data, config, strategy)
    logits = make_logits(trainer.network.infer, held_out, strategy)
    trainer.reset((5, 6))
    trainer.run(2)
    trainer.reset((1, 2))
    figures = [trainer.run(1) for _ in range(NUM_STEPS)]
    found = {
        "figures": np.array(figures),
        "logits": logits(),
        "traces": np.array(trainer._run.experimental_get_tracing_count()),
    }
    trainer.network.to_model()
    # Their names are not unique, so each has its number too.
    for number, variable in enumerate(model.variables):
        found[f"{number} {variable.name}"] = variable.numpy()
    for number, velocity in enumerate(trainer.checkpoint.velocities):
        found[f"{number} velocity"] = velocity.numpy()
    return found


def refusal(strategy):
    """Returns what is said of a batch that two devices cannot share."""
    try:
        config = dataclasses.replace(TRAINING, batch_size=63)
        Trainer(None, None, config, strategy)
    except InvalidError as error:
        return str(error)
    return ""


def main():
    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(
        cpu, [tf.config.LogicalDeviceConfiguration()] * 2
    )
    mirrored = tf.distribute.MirroredStrategy(["cpu:0", "cpu:1"])
    one = tf.distribute.OneDeviceStrategy("/cpu:0")
    found = {"refusal": np.array(refusal(mirrored))}
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        write_pictures(root)
        for kind, data in (
            ("resident", resident),
            ("streamed", streamed(root)),
        ):
            for name, strategy in (("one", one), ("two", mirrored)):
                for key, value in train(data, strategy).items():
                    found[f"{kind}/{name}/{key}"] = value
    np.savez(sys.argv[1], **found)


if __name__ == "__main__":
    main()
