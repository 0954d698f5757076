"""What lies beside the versions is what a person, and a server, can use."""

import json
import re
import shlex
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    message_factory,
    text_format,
    wrappers_pb2,
)
from tensorflow_serving.config import model_server_config_pb2

from hnas_tf.serving.answers import Answers, load_answers
from hnas_tf.serving.names import ANSWERS_NAME, DOCUMENT_NAME
from hnas_tf.serving.pages import write_pages
from tests.serving.server import serve
from tests.training.trained_samples import logits_of

REST, GRPC = "localhost:8501", "localhost:8500"

# Of tensorflow_serving/servables/tensorflow/session_bundle_config.proto, as
# far as it was there when batching was.
BATCHING = """
name: "batching.proto" package: "tensorflow.serving" syntax: "proto3"
dependency: "google/protobuf/wrappers.proto"
message_type { name: "BatchingParameters" %s }
"""
BATCHING_FIELDS = (
    "max_batch_size",
    "batch_timeout_micros",
    "max_enqueued_batches",
    "num_batch_threads",
)
PICTURES = {
    "jpg": tf.io.encode_jpeg(np.zeros([2, 2, 3], np.uint8)).numpy(),
    "png": tf.io.encode_png(np.zeros([2, 2, 3], np.uint8)).numpy(),
    "gif": b"GIF89a and so on",
    "bmp": b"BM and so on",
}


@pytest.fixture(scope="module")
def readme(export_dir):
    return (export_dir / "README.md").read_text()


@pytest.fixture(scope="module")
def server(version):
    with serve(version) as addresses:
        yield addresses


@pytest.fixture(scope="module")
def expected(trained, export_dir):
    """The class of the sample, and its probabilities."""
    content = (export_dir / "sample.png").read_bytes()
    image = tf.io.decode_png(content)[tf.newaxis]
    (logits,) = logits_of(trained, image)
    classes = trained.description.class_names
    return classes[logits.argmax()], tf.nn.softmax(logits).numpy()


def blocks(text, language):
    """Returns the blocks of code in a language."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)
    return [block for of, block in found if of == language]


def command(readme, beginning):
    """Returns the words of a command, which may go on behind a backslash."""
    text = "\n".join(blocks(readme, "")).replace("\\\n", " ")
    found = [c for c in text.splitlines() if c.startswith(beginning)]
    return shlex.split(found[-1])


def run(words, folder):
    """Runs a command there; returns what it says."""
    found = subprocess.run(
        words, cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def document_of(version, **values):
    """Returns the document of an export, changed."""
    document = json.loads((version / DOCUMENT_NAME).read_text())
    return document | values


def batching_parameters(text):
    fields = " ".join(
        f'field {{ name: "{name}" number: {number} label: LABEL_OPTIONAL '
        f'type_name: ".google.protobuf.Int64Value" type: TYPE_MESSAGE }}'
        for number, name in enumerate(BATCHING_FIELDS, start=1)
    )
    file = descriptor_pb2.FileDescriptorProto()
    text_format.Parse(BATCHING % fields, file)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(wrappers_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    found = pool.FindMessageTypeByName("tensorflow.serving.BatchingParameters")
    return text_format.Parse(text, message_factory.GetMessageClass(found)())


def test_the_command_of_the_readme_gives_the_class(
    readme, export_dir, server, expected
):
    *words, url = command(readme, "curl ")
    assert REST in url
    out = run([*words, "-sS", url.replace(REST, server.rest)], export_dir)
    (answer,) = json.loads(out)["predictions"]
    name, probabilities = expected
    assert answer["classes"] == name
    np.testing.assert_allclose(
        answer["probabilities"], probabilities, atol=1e-5
    )
    assert answer.keys() == {"classes", "probabilities", "logits"}


def test_the_program_of_the_readme_gives_the_class(
    readme, export_dir, server, expected
):
    program = blocks(readme, "python")[0]
    assert GRPC in program
    program = program.replace(GRPC, server.grpc)
    out = run([sys.executable, "-c", program], export_dir)
    classes, probabilities = re.fullmatch(r"(\[.*?\]) (\[.*\])\n", out).groups()
    name, expected_probabilities = expected
    assert classes == f"[b'{name}']"
    np.testing.assert_allclose(
        json.loads(probabilities), expected_probabilities, atol=1e-5
    )


def test_the_check_of_the_readme_agrees(readme, export_dir, server):
    words = command(readme, "python -m hnas_tf.serve_check")
    assert words[3:] == ["--export_dir=.", f"--address={REST}"]
    words = [sys.executable, *words[1:4], f"--address={server.rest}"]
    assert run(words, export_dir).startswith(f"{server.rest}, against")


def test_the_sample_is_the_first_picture_that_is_kept(export_dir, version):
    first = load_answers(version / ANSWERS_NAME).records[0]
    assert (export_dir / "sample.png").read_bytes() == first


def test_every_file_that_the_readme_names_is_there(readme, export_dir):
    named = re.findall(r"`([\w./-]+(?:/|\.[a-z_]+[a-z0-9]*))`", readme)
    some = {"sample_request.json", "1/assets/labels.txt", "1/assets.extra/"}
    assert some <= set(named)
    for name in [*named, *re.findall(r'open\("(.*?)"', readme)]:
        assert (export_dir / name).exists(), name


def test_every_signature_that_the_readme_names_is_there(readme, version):
    rows = [
        line.split("|") for line in readme.splitlines() if line[:3] == "| `"
    ]
    signatures = tf.saved_model.load(str(version)).signatures
    named = [re.findall(r"`(\w+)`", row[1]) for row in rows]
    assert sorted(sum(named, [])) == sorted(signatures)
    for names, (_, _, given, *_) in zip(named, rows, strict=True):
        for name in names:
            inputs = signatures[name].structured_input_signature[1]
            assert f"`{next(iter(inputs))}`" in given


def test_the_server_finds_its_files_where_it_is_told_to(readme, export_dir):
    words = command(readme, "docker run")
    (mount,) = [word for word in words if word.startswith("type=bind")]
    values = dict(part.partition("=")[::2] for part in mount.split(","))
    assert values["source"] == "$PWD"
    target = values["target"]
    for flag in ("model_config_file", "batching_parameters_file"):
        (path,) = [w for w in words if w.startswith(f"--{flag}=")]
        path = path.partition("=")[2]
        assert path.startswith(f"{target}/")
        assert (export_dir / path.removeprefix(f"{target}/")).is_file()
    text = (export_dir / "models.config").read_text()
    config = text_format.Parse(
        text, model_server_config_pb2.ModelServerConfig()
    )
    (model,) = config.model_config_list.config
    assert (model.name, model.base_path) == ("digits", target)
    assert model.model_platform == "tensorflow"
    assert f"/v1/models/{model.name}:predict" in readme


def test_the_parameters_of_batching_are_those_of_the_server(export_dir):
    text = (export_dir / "batching.config").read_text()
    parameters = batching_parameters(text)
    for name in BATCHING_FIELDS:
        assert parameters.HasField(name)
        assert getattr(parameters, name).value >= 1


# A server refuses a request of more than max_batch_size, also in the warm-up,
# and then does not load the version.
@pytest.mark.parametrize("best", [1, 2, 8])
def test_no_request_of_ours_is_too_large_for_the_server(
    version, tmp_path, best
):
    latencies = {str(2**n): max(1.0, 2**n / best) for n in range(8)}
    document = document_of(version)
    document["server"]["latencies"] = latencies
    answers = load_answers(version / ANSWERS_NAME)
    write_pages(tmp_path, document, answers)
    text = (tmp_path / "batching.config").read_text()
    largest = batching_parameters(text).max_batch_size.value
    assert largest >= 3  # The warm-up.
    assert largest >= len(answers.records)  # Of a check.


@pytest.mark.parametrize("suffix", PICTURES)
def test_a_sample_is_named_after_its_format(version, tmp_path, suffix):
    answers = Answers(
        (PICTURES[suffix],),
        np.zeros([1, 2, 2, 3], np.uint8),
        np.ones([1, 1], np.float32),
    )
    write_pages(tmp_path, document_of(version), answers)
    sample = tmp_path / f"sample.{suffix}"
    assert sample.read_bytes() == PICTURES[suffix]
    assert (
        f'open("{sample.name}", "rb")' in (tmp_path / "README.md").read_text()
    )


def test_names_with_dollars_come_out_as_they_are(version, tmp_path):
    document = document_of(version, dataset="folder:/a/$name/%s/${x}")
    write_pages(tmp_path, document, load_answers(version / ANSWERS_NAME))
    assert "folder:/a/$name/%s/${x}" in (tmp_path / "README.md").read_text()


def test_devices_are_told_of_beside_servers(version, tmp_path, readme):
    document = document_of(version, litert={})
    write_pages(tmp_path, document, load_answers(version / ANSWERS_NAME))
    both = (tmp_path / "README.md").read_text()
    assert both.startswith(readme)
    assert "1/model.tflite" in both
