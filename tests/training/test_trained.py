"""A trained network, taken out of its workdir and tried on pictures."""

import dataclasses
import json
import shutil

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.data import decoding
from hnas_tf.data.splits import TEST, TRAIN, VALIDATION
from hnas_tf.errors import ArchiveError, HnasError, InvalidError
from hnas_tf.training import storage
from hnas_tf.training.final import train_final
from tests.training.samples import GENOTYPE, SAVES, digits
from tests.training.trained_samples import (
    CONFIG,
    evaluate,
    large_digits,
    load,
    logits_of,
    some_digits,
    write_folder,
    write_npz,
)

pytestmark = SAVES


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished training of two repeats: its workdir, and its result."""
    workdir = tmp_path_factory.mktemp("final")
    return workdir, train_final(GENOTYPE, CONFIG, str(workdir))


@pytest.fixture(scope="module")
def trained(finished):
    return load(finished[0])


def test_each_repeat_has_the_figures_that_the_training_told(finished):
    workdir, result = finished
    for repeat in (1, 2):
        document = evaluate(load(workdir, repeat)).to_document()
        assert document["num_pictures"] == result["num_pictures"]
        for name in ("accuracy", "balanced_accuracy", "loss"):
            told = result[f"{name}_of_repeats"][repeat - 1]
            assert document[name] == pytest.approx(told, abs=1e-6)
        assert "top_5_accuracy" not in document


def test_classes_and_confusion_are_what_numpy_counts(trained):
    document = evaluate(trained).to_document()
    images, labels = digits(TEST)
    predictions = logits_of(trained, images).argmax(axis=1)
    for label, each in enumerate(document["classes"]):
        own = predictions[labels == label]
        assert each["name"] == str(label)
        assert each["num_pictures"] == len(own)
        assert each["accuracy"] == pytest.approx(np.mean(own == label))
        counts = [np.sum(own == other) for other in range(10)]
        assert document["confusion"][label] == counts


def test_every_picture_is_told_of_and_the_mistakes_are_wrong(trained):
    document = evaluate(trained).to_document()
    pictures = document["pictures"]
    assert [each["name"] for each in pictures] == [
        f"test:{number}" for number in range(401)
    ]
    labels = [str(label) for label in digits(TEST).labels]
    assert [each["label"] for each in pictures] == labels
    shown = [pictures[place] for place in document["mistakes"]]
    assert all(each["label"] != each["prediction"] for each in shown)
    probabilities = [each["probability"] for each in shown]
    assert probabilities == sorted(probabilities, reverse=True)
    right = sum(each["label"] == each["prediction"] for each in pictures)
    assert len(shown) == 401 - right
    assert document["accuracy"] == right / 401


@pytest.mark.parametrize("batch_size", [1, 50, 401, 1000])
def test_the_batch_size_does_not_matter(trained, batch_size):
    found = evaluate(trained, batch_size=batch_size).logits
    np.testing.assert_allclose(found, evaluate(trained).logits, atol=1e-5)


@pytest.mark.parametrize("split", [TRAIN, VALIDATION, TEST])
def test_a_split_can_be_chosen(trained, split):
    found = evaluate(trained, split=split)
    assert found.split == split
    assert np.array_equal(found.labels, digits(split).labels)


def test_a_subset_of_the_classes_will_do(trained, tmp_path):
    images, labels = some_digits(2, 5)
    found = evaluate(
        trained, write_npz(tmp_path / "some.npz", test=(images, labels))
    )
    np.testing.assert_allclose(
        found.logits, logits_of(trained, images), atol=1e-5
    )
    assert np.array_equal(found.labels, labels)
    classes = found.to_document()["classes"]
    assert [c["name"] for c in classes if c["num_pictures"]] == ["2", "5"]
    assert len(classes) == 10


def test_without_a_test_split_the_validation_split_counts(trained, tmp_path):
    dataset = write_npz(tmp_path / "some.npz", train=some_digits(0, 1))
    found = evaluate(trained, dataset)
    assert found.split == VALIDATION
    assert len(found.labels) == 16  # A fifth of 81.


def test_labels_of_a_folder_are_matched_by_name(trained, tmp_path):
    images, labels = some_digits(7, 3)
    found = evaluate(trained, write_folder(tmp_path, images, labels))
    order = np.argsort(labels, kind="stable")
    assert np.array_equal(found.labels, labels[order])
    assert found.names[0] == f"3/{order[0]:03}.png"
    np.testing.assert_allclose(
        found.logits, logits_of(trained, images[order]), atol=1e-5
    )


def test_what_cannot_be_read_is_left_out_and_named(trained, tmp_path):
    images, labels = some_digits(4)
    dataset = write_folder(tmp_path, images, labels)
    (tmp_path / "4" / "001.png").write_bytes(b"no picture")
    found = evaluate(trained, dataset)
    assert len(found.names) == len(found.labels) == len(labels) - 1
    assert found.names[:2] == ["4/000.png", "4/002.png"]
    assert list(found.to_document()["skipped"]) == ["4/001.png"]


def test_a_class_that_the_network_does_not_know_is_named(trained, tmp_path):
    dataset = write_folder(tmp_path, *some_digits(4), lambda label: "four")
    with pytest.raises(InvalidError, match="knows: 0, 1, .* Received: four"):
        evaluate(trained, dataset)
    images, labels = some_digits(4)
    dataset = write_npz(tmp_path / "new.npz", test=(images, labels + 8))
    with pytest.raises(InvalidError, match="knows: 0, 1, .* Received: 12"):
        evaluate(trained, dataset)


def test_a_split_without_pictures_is_refused(trained, tmp_path):
    (tmp_path / "Test" / "4").mkdir(parents=True)
    with pytest.raises(InvalidError, match="pictures in the test split"):
        evaluate(trained, f"folder:{tmp_path}")


def test_pixels_of_other_channels_are_refused(trained, tmp_path):
    images, labels = some_digits(4)
    color = np.repeat(images, 3, axis=3)
    dataset = write_npz(tmp_path / "color.npz", test=(color, labels))
    with pytest.raises(InvalidError, match="of 1 channels.*with 3"):
        evaluate(trained, dataset)


def test_pixels_of_another_size_are_resized(trained, tmp_path):
    large, dataset = large_digits(tmp_path)
    resized = [
        decoding.whole(tf.constant(image), size=(8, 8), channels=1)
        for image in large
    ]
    expected = logits_of(trained, np.array(resized))
    found = evaluate(trained, dataset).logits
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_of_a_training_on_resized_crops_the_middle_counts(tmp_path):
    training = dataclasses.replace(
        CONFIG.training,
        num_steps=2,
        num_repeats=1,
        augmentation="resized_crop",
    )
    config = dataclasses.replace(CONFIG, training=training)
    result = train_final(GENOTYPE, config, str(tmp_path / "final"))
    trained = load(tmp_path / "final")
    document = evaluate(trained).to_document()
    assert document["loss"] == pytest.approx(result["loss"], abs=1e-6)
    assert document["accuracy"] == result["accuracy"]
    large, dataset = large_digits(tmp_path)
    middles = [
        decoding.central(tf.constant(image), size=(8, 8), channels=1)
        for image in large
    ]
    expected = logits_of(trained, np.array(middles))
    found = evaluate(trained, dataset).logits
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_bucket_will_do(finished, trained):
    # TensorFlow's file system in memory, reached as a bucket is.
    bucket = "ram://trained/final"
    for name in (
        *("config.json", "data.json", "genotype.json"),
        "repeat_1/model.weights.h5",
    ):
        content = (finished[0] / name).read_bytes()
        storage.write_bytes(f"{bucket}/{name}", content)
    found = evaluate(load(f"{bucket}/"))
    assert np.array_equal(found.logits, evaluate(trained).logits)


def test_no_training_is_refused(tmp_path):
    with pytest.raises(ArchiveError, match="Received: no such folder"):
        load(tmp_path / "nowhere")
    with pytest.raises(ArchiveError, match="a folder without data.json"):
        load(tmp_path)


@pytest.mark.parametrize("repeat", [0, 3])
def test_a_repeat_that_there_is_not_is_refused(finished, repeat):
    words = f"from 1 to 2. Received: repeat={repeat}"
    with pytest.raises(InvalidError, match=words):
        load(finished[0], repeat)


def test_an_unfinished_repeat_is_named(finished, tmp_path):
    workdir = tmp_path / "final"
    shutil.copytree(finished[0], workdir)
    (workdir / "repeat_2" / "model.weights.h5").unlink()
    load(workdir, 1)
    with pytest.raises(HnasError, match="repeat 2 of .* to be trained to the"):
        load(workdir, 2)


def test_a_training_of_before_graphs_were_optimized_is_loaded(tmp_path):
    network = dataclasses.replace(CONFIG.network, optimize_graph=False)
    training = dataclasses.replace(CONFIG.training, num_steps=3, num_repeats=1)
    config = dataclasses.replace(CONFIG, network=network, training=training)
    result = train_final(GENOTYPE, config, str(tmp_path))
    path = tmp_path / "config.json"
    document = json.loads(path.read_text())
    del document["train"]["network"]["optimize_graph"]
    path.write_text(json.dumps({**document, "version": 2}))
    found = evaluate(load(tmp_path)).to_document()
    assert found["loss"] == pytest.approx(result["loss"], abs=1e-6)
    with pytest.raises(ArchiveError, match="version: 2 there, 3 now"):
        train_final(GENOTYPE, config, str(tmp_path))
