"""A small training, and pictures to try its network on."""

import dataclasses

import numpy as np
import tensorflow as tf

from hnas_tf.config import DataConfig, FinalConfig
from hnas_tf.data.preprocessing import normalize
from hnas_tf.data.splits import TEST
from hnas_tf.training.evaluated import evaluate_trained
from hnas_tf.training.trained import load_trained
from tests.training.samples import NETWORK, TRAINING, digits, one_device

CONFIG = FinalConfig(
    network=dataclasses.replace(NETWORK, num_channels=3, num_groups=1),
    training=dataclasses.replace(TRAINING, num_steps=60, num_repeats=2),
)


def load(workdir, repeat=1):
    return load_trained(str(workdir), repeat=repeat, strategy=one_device())


def evaluate(trained, dataset="digits", **how):
    data = DataConfig(dataset=dataset)
    return evaluate_trained(trained, data, one_device(), **how)


def write_npz(path, **splits):
    """Writes splits of images and labels; returns their `--dataset`."""
    arrays = {}
    for split, (images, labels) in splits.items():
        arrays |= {f"x_{split}": images, f"y_{split}": labels}
    np.savez(path, **arrays)
    return f"npz:{path}"


def write_folder(folder, images, labels, names=str):
    """Writes LABEL/NUMBER.png; returns the `--dataset`."""
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        path = folder / names(label) / f"{number:03}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(tf.io.encode_png(image).numpy())
    return f"folder:{folder}"


def some_digits(*classes):
    """Returns the test digits of some classes."""
    images, labels = digits(TEST)
    chosen = np.isin(labels, classes)
    return images[chosen], labels[chosen]


def logits_of(trained, images):
    return trained.model(normalize(images, trained.description)).numpy()


def large_digits(folder):
    """Returns digits of 16x16 pixels, and the `--dataset` that they are."""
    images, labels = some_digits(4)
    large = images.repeat(2, axis=1).repeat(2, axis=2)
    return large, write_npz(folder / "large.npz", test=(large, labels))
