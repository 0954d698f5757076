"""What an export holds, of which networks, and what never becomes one."""

import dataclasses
import json

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf import load_genotype
from hnas_tf.config import DataConfig, ExportConfig, TrainingConfig
from hnas_tf.data import decoding
from hnas_tf.errors import HnasError
from hnas_tf.serving import exporter
from hnas_tf.serving.answers import Answers, load_answers
from hnas_tf.serving.network import fold
from hnas_tf.serving.verification import (
    Comparison,
    compare,
    require_close,
    require_same_classes,
)
from tests.data.image_files import encoded, noise
from tests.networks.samples import everything
from tests.serving.exports import (
    ask,
    assert_close,
    in_evaluation,
    keras_may_warn,
    of_bytes,
    of_images,
    probabilities_of,
    python,
    some_digits,
    untrained,
    write,
)
from tests.training.trained_samples import load

pytestmark = keras_may_warn

# A second logical CPU can only be made before TensorFlow starts.
MIRRORED = """
import dataclasses, sys
from pathlib import Path
import tensorflow as tf
(cpu,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(
    cpu, [tf.config.LogicalDeviceConfiguration()] * 2
)
mirrored = tf.distribute.MirroredStrategy(["cpu:0", "cpu:1"])
from hnas_tf.training import strategy
from hnas_tf.training.final import train_final
from hnas_tf.training.trained import load_trained
from tests.serving.exports import write
from tests.training.samples import GENOTYPE
from tests.training.trained_samples import CONFIG
strategy.make_strategy = lambda devices: mirrored
workdir, folder = sys.argv[1:]
training = dataclasses.replace(CONFIG.training, num_steps=3, num_repeats=1)
config = dataclasses.replace(CONFIG, training=training)
assert train_final(GENOTYPE, config, workdir)["num_devices"] == 2
write(load_trained(workdir, repeat=1, strategy=mirrored), Path(folder))
"""

IMAGENET = {
    "kind": "imagenet",
    "num_channels": 4,
    "num_groups": 2,
    "num_classes": 3,
}


def largest_kernel(network):
    kernels = [each.kernel for each in network.weights.values()]
    return max((k for k in kernels if k is not None), key=np.size)


def test_the_document_tells_what_was_exported_and_verified(version, trained):
    document = json.loads((version / "hnas_tf.json").read_text())
    assert document["model_name"] == "digits"
    assert document["model_version"] == 1
    assert document["class_names"] == [str(label) for label in range(10)]
    assert document["weights_bytes"] == fold(trained).num_bytes
    assert document["verified"]["signatures"].keys() == {
        *("serving_default", "predict_images", "predict_bytes", "classify")
    }
    measured = document["measured"]
    assert measured["split"] == "test" and measured["num_pictures"] == 401
    assert measured["largest_difference"] < 1e-5
    assert measured["accuracy"] == document["accuracy"]
    assert document["server"]["num_warmup_requests"] == 8


def test_what_is_kept_is_what_the_trained_network_says(version, trained):
    path = version / "assets.extra" / "hnas_tf_answers.npz"
    answers = load_answers(path)
    assert len(answers.records) == 16
    expected = probabilities_of(trained, answers.images)
    np.testing.assert_allclose(answers.probabilities, expected, atol=1e-6)
    images = in_evaluation(trained, answers.records)
    assert np.array_equal(answers.images, images)


def test_nothing_asks_to_be_compiled_by_whoever_loads_it(version):
    graph = (version / "saved_model.pb").read_bytes()
    assert b"_XlaMustCompile" not in graph
    assert b"jit_compile" not in graph
    assert b"XlaLaunch" not in graph


def test_a_small_network_is_stored_once(version, trained):
    graph = (version / "saved_model.pb").read_bytes()
    network = fold(trained)
    assert graph.count(largest_kernel(network).tobytes()) == 1
    assert len(graph) <= 1.1 * network.num_bytes + 250_000


def test_a_large_network_is_stored_once(tmp_path):
    liu2018 = untrained(load_genotype("liu2018"), num_channels=32)
    folder = write(liu2018, tmp_path / "model")
    network, size = fold(liu2018), 0
    assert network.num_bytes > 2_000_000
    for path in folder.rglob("*"):
        size += path.stat().st_size if path.is_file() else 0
    assert size <= 1.1 * network.num_bytes + 400_000
    graph = (folder / "saved_model.pb").read_bytes()
    assert graph.count(largest_kernel(network).tobytes()) == 1


def test_every_primitive_computes_the_same(tmp_path):
    network = untrained(everything(), num_channels=6, num_groups=2)
    folder = write(network, tmp_path / "model")
    images = np.stack([noise(8, 8, seed=n) for n in range(5)])
    asked = ask(folder, tmp_path / "requests", of_images(images))
    expected = probabilities_of(network, images)
    assert_close(asked.answers[0]["probabilities"], expected)


def test_of_an_imagenet_network_the_middle_of_a_picture_counts(tmp_path):
    training = TrainingConfig(augmentation="resized_crop")
    network = untrained(image_size=(64, 64), training=training, **IMAGENET)
    folder = write(network, tmp_path / "model")
    records = [
        encoded(noise(70, 100), "JPEG"),
        encoded(noise(64, 64)),
        encoded(noise(20, 30), "BMP"),
    ]
    asked = ask(folder, tmp_path / "requests", of_bytes(*records))
    images = in_evaluation(network, records)
    found = asked.answers[0]["probabilities"]
    assert_close(found, probabilities_of(network, images))
    wholes = [
        decoding.whole(tf.constant(record), size=(64, 64), channels=3)
        for record in records
    ]
    differences = found - probabilities_of(network, np.stack(wholes))
    assert np.abs(differences).max(axis=1).min() > 1e-4


def test_a_network_trained_on_two_devices_computes_the_same(tmp_path):
    workdir, folder = tmp_path / "final", tmp_path / "model"
    python(MIRRORED, workdir, folder)
    images, records = some_digits()
    requests = of_images(images), of_bytes(*records)
    expected = probabilities_of(load(workdir), images)
    for answer in ask(folder, tmp_path / "requests", *requests).answers:
        assert_close(answer["probabilities"], expected)


def with_bias(more):
    """Returns what changes one bias of the last layer of a network."""

    def change(network):
        *others, (name, weights) = network.weights.items()
        first = np.arange(len(weights.bias)) == 0
        bias = np.where(first, weights.bias + np.float32(more), weights.bias)
        changed = {**dict(others), name: weights._replace(bias=bias)}
        return dataclasses.replace(network, weights=changed)

    return change


def upside_down(network):
    def decode(record):
        return tf.image.flip_up_down(network.decode(record))

    return dataclasses.replace(network, decode=decode)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (with_bias(1.0), "a difference of 0.* in serving_default"),
        (with_bias(np.nan), "a difference of nan in serving_default"),
        (upside_down, "a difference of 0.* in predict_bytes"),
    ],
    ids=["weight", "not_a_number", "decoder"],
)
def test_what_says_something_else_never_appears(
    fault, words, trained, tmp_path, monkeypatch
):
    monkeypatch.setattr(exporter, "fold", lambda trained: fault(fold(trained)))
    config = ExportConfig(model_name="wrong", warmup_batch_sizes=())
    with pytest.raises(HnasError, match=words):
        exporter.export_trained(trained, DataConfig(), tmp_path, config)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("num_pictures", "num_changed", "is_allowed"),
    [
        (1, 0, True),
        (1, 1, False),
        (999, 1, False),
        (1000, 1, True),
        (1999, 2, False),
        (2000, 2, True),
        (2000, 3, False),
    ],
)
def test_one_picture_in_a_thousand_may_change_its_class(
    num_pictures, num_changed, is_allowed
):
    comparison = Comparison(num_pictures, 1e-6, num_changed)
    if is_allowed:
        require_same_classes(comparison, "predict_bytes")
        return
    words = f"others for {num_changed} of {num_pictures} .* in predict_bytes"
    with pytest.raises(HnasError, match=words):
        require_same_classes(comparison, "predict_bytes")


def test_differences_are_the_largest_and_what_is_no_number_is_refused():
    probabilities = np.array([[0.25, 0.75], [0.5, 0.5]], np.float32)
    answers = Answers((b"", b""), np.zeros(2, np.uint8), probabilities)
    other = np.array([[0.5, 0.5], [0.5, 0.5]], np.float32)
    assert compare(other, answers) == Comparison(2, 0.25, 1)
    require_close({"here": compare(other, answers)}, 0.25)
    with pytest.raises(HnasError, match="within 0.2. .* 0.25 in here"):
        require_close({"here": compare(other, answers)}, 0.2)
    with pytest.raises(HnasError, match="a difference of nan in here"):
        require_close({"here": compare(other * np.nan, answers)}, 0.9)
