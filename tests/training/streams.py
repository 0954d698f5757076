"""A folder of small JPEGs, and ways to look at what is streamed from it."""

import dataclasses

import numpy as np
import tensorflow as tf
from PIL import Image

from hnas_tf.config import DataConfig, TrainingConfig
from hnas_tf.data import Description
from hnas_tf.data.sources import open_source
from hnas_tf.data.splits import TRAIN
from hnas_tf.training.streamed import StreamedData, decoded_batches
from tests.training.samples import one_device

NUM_PICTURES, NUM_CLASSES, BATCH = 11, 3, 4
CROP = TrainingConfig(batch_size=BATCH, crop_size=8)
RESIZED_CROP = dataclasses.replace(CROP, augmentation="resized_crop")
DESCRIPTION = Description(
    name="pictures",
    image_size=(10, 8),
    image_channels=3,
    class_names=("a", "b", "c"),
    mean=(120.0, 120.0, 120.0),
    std=(60.0, 60.0, 60.0),
    num_examples={"train": NUM_PICTURES},
    fingerprint="0",
)


def write_pictures(root, *, numbers=None, split=TRAIN):
    """Writes pictures of one colour each, about 20 times the number."""
    for number in range(NUM_PICTURES) if numbers is None else numbers:
        folder = root / split / "abc"[number % NUM_CLASSES]
        folder.mkdir(parents=True, exist_ok=True)
        size = (16 + number, 20)
        Image.new("RGB", size, (20 * number, 0, 100)).save(
            folder / f"{number:02}.jpg", quality=95
        )


def write_splits(root):
    """Writes pictures of two classes, one brighter, of several sizes."""
    rng = np.random.default_rng(0)
    for split, number in (("train", 23), ("validation", 5), ("test", 9)):
        for label in ("dark", "light"):
            folder = root / split / label
            folder.mkdir(parents=True)
            for n in range(number):
                pixels = rng.integers(0, 200, (40 + n, 50, 3))
                pixels += 55 * (label == "light")
                image = Image.fromarray(pixels.astype(np.uint8))
                image.save(folder / f"{n}.jpg")


def pictures_of(root):
    return open_source(DataConfig(dataset=f"folder:{root}")).found[TRAIN]


def streamed(root, config):
    return StreamedData(pictures_of(root), DESCRIPTION, config, one_device())


def steps(data, num_steps, *, seed=(1, 2), start=0):
    """Returns images and labels of steps, [steps, batch, ...] each."""
    source = data.start(seed, start)
    drawn = [data.draw(source, None, None) for _ in range(num_steps)]
    images, labels = zip(*drawn, strict=True)
    return np.stack(images), np.stack(labels)


def numbers_of(images):
    """Returns which pictures they are, by their colour."""
    red = np.asarray(images, np.float32)[..., 0].mean(axis=(-2, -1))
    return np.round(red / 20).astype(int)


def part_of(root, decode, number, of, num_steps):
    """Returns the rows that one of several input pipelines gives."""
    keys = pictures_of(root).shuffled((1, 2), start=0).enumerate(0)
    batches = decoded_batches(
        keys,
        pictures_of(root),
        decode,
        (1, 2),
        batch_size=BATCH,
        context=tf.distribute.InputContext(of, number, of),
    )
    return [tuple(map(np.asarray, batch)) for batch in batches.take(num_steps)]
