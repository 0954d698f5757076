"""Batches of pictures that are decoded while the network trains."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from hnas_tf.data import decoding
from hnas_tf.training.streamed import evaluation_decoder, training_decoder
from tests.training.streams import (
    BATCH,
    CROP,
    DESCRIPTION,
    NUM_CLASSES,
    NUM_PICTURES,
    RESIZED_CROP,
    numbers_of,
    part_of,
    steps,
    streamed,
    write_pictures,
)

CONFIGS = pytest.mark.parametrize(
    "config", [CROP, RESIZED_CROP], ids=["crop", "resized_crop"]
)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("pictures")
    write_pictures(root)
    return root


@pytest.fixture
def gradient(tmp_path):
    """A folder of one picture that is brighter to the right and below."""
    x, y = np.meshgrid(np.arange(80), np.arange(80))
    pixels = np.stack([3 * x, 3 * y, 0 * x], axis=-1).astype(np.uint8)
    for name in "abc":
        (tmp_path / "train" / name).mkdir(parents=True)
        path = tmp_path / "train" / name / "1.jpg"
        Image.fromarray(pixels).save(path, quality=95)
    return tmp_path


def equal(some, others):
    return all(map(np.array_equal, some, others))


@CONFIGS
def test_equal_seeds_give_equal_batches(root, config):
    first = steps(streamed(root, config), 6)
    assert equal(first, steps(streamed(root, config), 6))
    others = steps(streamed(root, config), 6, seed=(1, 3))
    assert not np.array_equal(first[1], others[1])
    size = (10, 8) if config == CROP else (8, 8)
    assert first[0].shape == (6, BATCH, *size, 3)
    assert first[0].dtype == np.uint8 and first[1].dtype == np.int32


@CONFIGS
@pytest.mark.parametrize("start", [1, 2, 3, 7])
def test_from_a_step_on_they_are_those_of_an_undisturbed_run(
    root, config, start
):
    images, labels = steps(streamed(root, config), 10)
    found = steps(streamed(root, config), 10 - start, start=start)
    assert equal(found, (images[start:], labels[start:]))


@CONFIGS
def test_every_picture_comes_once_an_epoch_with_its_label(root, config):
    images, labels = steps(streamed(root, config), NUM_PICTURES)
    numbers = numbers_of(images).ravel()
    assert np.array_equal(labels.ravel(), numbers % NUM_CLASSES)
    epochs = numbers.reshape(BATCH, NUM_PICTURES)
    assert all(sorted(epoch) == [*range(NUM_PICTURES)] for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == BATCH


@CONFIGS
@pytest.mark.parametrize("calls", [1, 7])
def test_the_number_of_parallel_calls_changes_nothing(
    root, config, calls, monkeypatch
):
    expected = steps(streamed(root, config), 5)
    monkeypatch.setattr(tf.data, "AUTOTUNE", calls)
    assert equal(steps(streamed(root, config), 5), expected)


@CONFIGS
@pytest.mark.parametrize("number", [2, 4])
def test_input_pipelines_together_give_the_rows_of_one(root, config, number):
    decode = training_decoder(DESCRIPTION, config)
    images, labels = steps(streamed(root, config), 6)
    parts = [part_of(root, decode, n, number, 6) for n in range(number)]
    for step, of_step in enumerate(zip(*parts, strict=True)):
        some_images, some_labels = map(
            np.concatenate, zip(*of_step, strict=True)
        )
        assert np.array_equal(some_images, images[step])
        assert np.array_equal(some_labels, labels[step])


@CONFIGS
def test_an_evaluation_shows_all_in_order_and_fills_up_the_last(root, config):
    data = streamed(root, config)
    batches = [images for (images,) in data.batches()]
    assert [batch.shape for batch in batches] == [(BATCH, 10, 8, 3)] * 3
    numbers = numbers_of(np.concatenate(batches))
    shown = numbers[: len(data.labels)]
    # Folder by folder, which are the classes.
    assert shown.tolist() == [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8]
    assert np.array_equal(data.labels, shown % NUM_CLASSES)
    assert numbers[len(data.labels) :].tolist() == [0]


def test_resized_crops_differ_from_epoch_to_epoch(gradient):
    images, _ = steps(streamed(gradient, RESIZED_CROP), 6)
    windows = {image.tobytes() for image in images.reshape(-1, 8, 8, 3)}
    assert len(windows) == 6 * BATCH


def test_whole_pictures_are_streamed_to_be_cropped_in_the_step(gradient):
    images, _ = steps(streamed(gradient, CROP), 2)
    assert len({image.tobytes() for image in images.reshape(-1, 240)}) == 1
    record = tf.io.read_file(str(gradient / "train" / "a" / "1.jpg"))
    whole = decoding.whole(record, size=(10, 8), channels=3)
    assert np.array_equal(images[0, 0], whole)


def test_an_evaluation_of_resized_crops_shows_the_central_part(gradient):
    record = tf.io.read_file(str(gradient / "train" / "a" / "1.jpg"))
    size = dataclasses.replace(DESCRIPTION, image_size=(70, 70))
    central = evaluation_decoder(size, RESIZED_CROP)(record, None)
    pixels = decoding.pixels(record, channels=3)
    # 87.5 % of 80 are 70: nothing is resized.
    assert np.array_equal(central, pixels[5:75, 5:75])
    whole = evaluation_decoder(size, CROP)(record, None)
    assert np.array_equal(
        whole, decoding.whole(record, size=(70, 70), channels=3)
    )
    assert not np.array_equal(whole, central)
