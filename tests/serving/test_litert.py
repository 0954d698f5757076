"""The models for devices say what the trained network says."""

import dataclasses
import json
import re
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from hnas_tf.config import DataConfig, ExportConfig
from hnas_tf.data.splits import TEST
from hnas_tf.errors import HnasError
from hnas_tf.serving import check, exporter, litert
from hnas_tf.serving.network import fold
from hnas_tf.training.final import train_final
from tests import processes
from tests.networks.samples import everything
from tests.serving.exports import (
    assert_close,
    keras_may_warn,
    probabilities_of,
    untrained,
)
from tests.training.samples import GENOTYPE, NETWORK, digits
from tests.training.trained_samples import CONFIG, load

pytestmark = keras_may_warn

# Enough to know nine digits in ten.
TRAINING = dataclasses.replace(CONFIG.training, num_steps=300, num_repeats=1)
TFLITE = ExportConfig(model_name="digits", formats=("tflite",))
NETWORKS = {
    "everything": (everything(), (8, 8), {"image_channels": 1}),
    "strides": (everything(), (9, 11), {"num_channels": 2, "num_groups": 3}),
    "imagenet": (
        GENOTYPE,
        (33, 40),
        {"kind": "imagenet", "num_channels": 4, "num_groups": 2},
    ),
}


@pytest.fixture(scope="module")
def skilled(tmp_path_factory):
    """A network that knows most digits."""
    workdir = tmp_path_factory.mktemp("skilled")
    config = dataclasses.replace(CONFIG, network=NETWORK, training=TRAINING)
    train_final(GENOTYPE, config, str(workdir))
    return load(workdir)


@pytest.fixture(scope="module")
def on_devices(skilled, tmp_path_factory):
    """An export of it for devices alone."""
    export_dir = tmp_path_factory.mktemp("on_devices")
    exporter.export_trained(skilled, DataConfig(), export_dir, TFLITE)
    return export_dir


@pytest.fixture(scope="module", params=["model.tflite", "model_int8.tflite"])
def content(request, on_devices):
    """Each of the two models."""
    return (on_devices / "1" / request.param).read_bytes()


def accuracy_of(probabilities):
    return np.mean(probabilities.argmax(axis=1) == digits(TEST).labels)


def random_pictures(trained, number):
    description = trained.description
    shape = (number, *description.image_size, description.image_channels)
    rng = np.random.default_rng(3)
    return rng.integers(256, size=shape, dtype=np.uint8)


def test_a_model_reads_pixels_and_gives_probabilities(content):
    interpreter = Interpreter(model_content=content)
    assert interpreter.get_signature_list() == {
        "serving_default": {"inputs": ["images"], "outputs": ["probabilities"]}
    }
    (given,) = interpreter.get_input_details()
    assert given["dtype"] is np.uint8
    assert given["shape"].tolist() == [1, 8, 8, 1]
    (result,) = interpreter.get_output_details()
    assert result["dtype"] is np.float32
    assert result["shape"].tolist() == [1, 10]


def test_the_float_model_says_what_the_network_says(skilled, on_devices):
    images = digits(TEST).images
    content = (on_devices / "1" / "model.tflite").read_bytes()
    found = litert.probabilities_of(content, images)
    assert_close(found, probabilities_of(skilled, images))


def test_the_int8_model_is_as_good_as_the_network(skilled, on_devices):
    images = digits(TEST).images
    content = (on_devices / "1" / "model_int8.tflite").read_bytes()
    found = accuracy_of(litert.probabilities_of(content, images))
    expected = accuracy_of(probabilities_of(skilled, images))
    assert expected > 0.8
    assert abs(found - expected) <= 0.015


def test_the_int8_model_computes_in_int8(on_devices):
    content = (on_devices / "1" / "model_int8.tflite").read_bytes()
    interpreter = Interpreter(model_content=content)
    types = [each["dtype"] for each in interpreter.get_tensor_details()]
    assert types.count(np.int8) > len(types) / 2
    # Its probabilities, and maybe what comes in.
    assert types.count(np.float32) <= 2


def test_what_is_told_of_the_models_is_true(skilled, on_devices):
    document = json.loads((on_devices / "1" / "hnas_tf.json").read_text())
    images = digits(TEST).images
    expected = probabilities_of(skilled, images)
    for name, told in document["litert"].items():
        content = (on_devices / "1" / name).read_bytes()
        found = litert.probabilities_of(content, images)
        changed = found.argmax(axis=1) != expected.argmax(axis=1)
        assert told["bytes"] == len(content)
        assert told["accuracy"] == pytest.approx(accuracy_of(found))
        assert told["trained_accuracy"] == pytest.approx(accuracy_of(expected))
        assert told["num_pictures"] == len(images)
        assert told["num_changed"] == changed.sum()
        assert told["largest_difference"] == pytest.approx(
            np.abs(found - expected).max(), abs=1e-5
        )


def test_an_export_for_devices_has_nothing_of_a_server(on_devices):
    files = [path for path in on_devices.rglob("*") if path.is_file()]
    assert sorted(str(path.relative_to(on_devices)) for path in files) == [
        "1/hnas_tf.json",
        "1/labels.txt",
        "1/model.tflite",
        "1/model_int8.tflite",
        "README.md",
    ]
    labels = (on_devices / "1" / "labels.txt").read_text()
    assert labels == "".join(f"{label}\n" for label in range(10))


def test_the_readme_of_an_export_for_devices_is_right(on_devices):
    readme = (on_devices / "README.md").read_text()
    (program,) = re.findall(r"^```python\n(.*?)^```$", readme, re.M | re.S)
    found = subprocess.run(
        [sys.executable, "-c", f"{program}print(probabilities.sum())"],
        cwd=on_devices,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr
    assert float(found.stdout) == pytest.approx(1, abs=0.02)
    named = re.findall(r"`(1/[\w./]+)`", readme)
    assert named
    assert all((on_devices / name).is_file() for name in named)
    # Nobody decodes or resizes a picture there.
    assert "decoding" not in readme
    assert "serve_check" not in readme


def test_a_check_of_an_export_for_devices_is_a_sentence(mark, on_devices):
    for flags in ((), ("--address=127.0.0.1:1",)):
        code, out, err = processes.run(
            mark, "serve_check", f"--export_dir={on_devices}", *flags
        )
        assert (code, out) == (1, "")
        assert err.startswith("error: Expected ")
        assert len(err.splitlines()) == 1


def test_without_litert_nothing_is_read_or_written(
    skilled, tmp_path, monkeypatch
):
    def fail(*_, **__):
        raise AssertionError("something was read")

    monkeypatch.setitem(sys.modules, "ai_edge_litert", None)
    monkeypatch.setattr(exporter, "open_source", fail)
    monkeypatch.setattr(exporter, "fold", fail)
    with pytest.raises(HnasError, match=r"LiteRT .* 'hnas_tf\[tflite\]'"):
        exporter.export_trained(
            skilled, DataConfig(), tmp_path / "export", TFLITE
        )
    assert not (tmp_path / "export").exists()


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_of_every_kind_can_be_converted(name):
    genotype, image_size, network = NETWORKS[name]
    trained = untrained(genotype, image_size=image_size, **network)
    folded, images = fold(trained), random_pictures(trained, 5)
    found = litert.probabilities_of(litert.convert(folded), images)
    assert_close(found, probabilities_of(trained, images))
    int8 = litert.convert(folded, calibration=random_pictures(trained, 20))
    found = litert.probabilities_of(int8, images)
    assert found.shape == (5, 10)
    np.testing.assert_allclose(tf.reduce_sum(found, axis=1), 1, atol=0.05)


def test_a_version_for_devices_alone_is_kept_from_a_server(skilled, tmp_path):
    (tmp_path / "3").mkdir()
    (tmp_path / "3" / "saved_model.pb").write_bytes(b"served")
    with pytest.raises(HnasError, match="where a server finds 3$"):
        exporter.export_trained(skilled, DataConfig(), tmp_path, TFLITE)
    assert [path.name for path in tmp_path.iterdir()] == ["3"]


def test_a_check_of_a_version_for_devices_alone_says_so(on_devices):
    with pytest.raises(HnasError, match="an export for LiteRT alone$"):
        check.read(on_devices / "1")
