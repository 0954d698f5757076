"""A folder is read as `tfds.ImageFolder` reads it."""

import numpy as np
import tensorflow as tf
import tensorflow_datasets as tfds

from hnas_tf.config import DataConfig
from hnas_tf.data.sources import open_source
from tests.data.tfds_samples import decoded, jpeg, picture

NUMBERS = {"train": range(1, 10), "test": range(20, 24)}
CLASSES = ("ant", "bee", "Cat")


def write_folder(folder):
    """Writes JPEGs and PNGs of three classes, each of its own size."""
    for split, numbers in NUMBERS.items():
        for number in numbers:
            place = folder / split / CLASSES[number % 3]
            place.mkdir(parents=True, exist_ok=True)
            if number % 2:
                (place / f"{number}.jpg").write_bytes(jpeg(number))
            else:
                png = tf.io.encode_png(picture(number)).numpy()
                (place / f"{number}.png").write_bytes(png)


def test_classes_labels_and_pixels_are_those_of_image_folder(tmp_path):
    write_folder(tmp_path)
    source = open_source(DataConfig(f"folder:{tmp_path}"))
    builder = tfds.ImageFolder(str(tmp_path))
    assert list(source.class_names) == builder.info.features["label"].names
    for split in NUMBERS:
        pictures = source.found[split]
        images, labels = decoded(pictures)
        ours = {
            f"{tmp_path}/{name}": (image, label)
            for name, image, label in zip(
                pictures.names, images, labels, strict=True
            )
        }
        theirs = list(builder.as_dataset(split).as_numpy_iterator())
        assert len(ours) == len(theirs) == len(NUMBERS[split])
        for example in theirs:
            image, label = ours[example["image/filename"].decode()]
            assert label == example["label"]
            assert np.array_equal(image, example["image"])
