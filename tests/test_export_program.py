"""A trained network exported, and the export checked, from the command line.

It was trained in bfloat16, and its second repeat is exported.
"""

import dataclasses
import json
import shutil

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import saved_model_pb2

from hnas_tf.data.preprocessing import normalize
from hnas_tf.serving.answers import load_answers
from hnas_tf.serving.network import fold
from hnas_tf.training.final import train_final
from hnas_tf.training.trained import load_trained
from tests import processes
from tests.serving.conftest import keras_may_warn
from tests.training.samples import GENOTYPE, one_device
from tests.training.trained_samples import CONFIG

ANSWERS = "assets.extra/hnas_tf_answers.npz"


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    """A finished training of two repeats, in bfloat16."""
    path = tmp_path_factory.mktemp("exported") / "final"
    training = dataclasses.replace(
        CONFIG.training, num_steps=3, precision="bfloat16"
    )
    config = dataclasses.replace(CONFIG, training=training)
    with keras_may_warn():
        train_final(GENOTYPE, config, str(path))
    return path


@pytest.fixture(scope="module")
def exported(workdir):
    """The folder of its export, and what the program said."""
    export_dir = workdir.parent / "digits.v1"
    said = processes.run(
        processes.new_mark(),
        "export",
        f"--workdir={workdir}",
        f"--export_dir={export_dir}",
        "--repeat=2",
        "--num_pictures=100",
        "--warmup_batch_sizes=1,2",
    )
    return export_dir, said


def load(workdir, repeat):
    """Returns a repeat's network in float32."""
    return load_trained(
        str(workdir),
        repeat=repeat,
        strategy=one_device(),
        precision="float32",
    )


def largest_kernel(network):
    kernels = [each.kernel for each in network.weights.values()]
    return max((k for k in kernels if k is not None), key=np.size)


def with_another_weight(version, workdir):
    """Changes a byte of a weight, so that it is much larger."""
    with keras_may_warn():
        weights = fold(load(workdir, 2)).weights
    path = version / "saved_model.pb"
    content = bytearray(path.read_bytes())
    bias = list(weights.values())[-1].bias
    start = content.index(bias.tobytes())
    content[start + 3] ^= 0x40  # Of the exponent, the highest bit.
    path.write_bytes(content)


def with_damaged_answers(version, workdir):
    del workdir
    content = bytearray((version / ANSWERS).read_bytes())
    content[len(content) // 2] ^= 0xFF
    (version / ANSWERS).write_bytes(content)


def without_half_of_the_graph(version, workdir):
    del workdir
    content = (version / "saved_model.pb").read_bytes()
    (version / "saved_model.pb").write_bytes(content[: len(content) // 2])


@pytest.fixture(scope="module")
def said(exported, workdir):
    """What programs say of many things; they run beside one another."""
    export_dir, _ = exported
    commands = {"good": ("serve_check", f"--export_dir={export_dir}")}
    for damage in DAMAGES:
        copy = export_dir.parent / damage.__name__
        shutil.copytree(export_dir / "1", copy)
        damage(copy, workdir)
        commands[damage] = ("serve_check", f"--export_dir={copy}")
    unfinished = export_dir.parent / "unfinished"
    shutil.copytree(workdir, unfinished)
    (unfinished / "repeat_2" / "model.weights.h5").unlink()
    to = f"--export_dir={export_dir.parent / 'none'}"
    which = f"--workdir={unfinished}", "--repeat=2"
    commands["unfinished"] = ("export", to, *which)
    which = f"--workdir={workdir}", "--export_dir=gs://bucket/digits"
    commands["bucket"] = ("export", *which)
    started = {
        name: processes.start(processes.new_mark(), *command)
        for name, command in commands.items()
    }
    ended = {name: each.communicate() for name, each in started.items()}
    return {
        name: (started[name].returncode, *output)
        for name, output in ended.items()
    }


def assert_is_sentence(said, *words):
    code, out, err = said
    assert code == 1, err
    assert err.startswith("error: Expected ") and len(err.splitlines()) == 1
    for word in words:
        assert word in err
    return out


def test_it_says_what_it_exported_and_how_that_was_verified(exported, workdir):
    export_dir, (code, out, err) = exported
    assert (code, err) == (0, "")
    assert out.startswith(
        f"Exported {workdir} (repeat 2) as digits.v1, version 1, to "
        f"{export_dir}/1; weights 0.00 MB.\n"
    )
    words = " ".join(out.split())
    for signature in ("serving_default", "predict_images", "classify"):
        assert f"{signature} 64 " in words
    assert "predict_bytes, test split 100 " in words
    assert "answered 8 requests of the warm-up" in words
    assert f"How to serve it: {export_dir}/README.md" in words
    names = {path.name for path in export_dir.iterdir()}
    assert {"1", "README.md"} <= names
    assert not any(name.startswith(".") for name in names)


def test_the_repeat_that_is_named_is_exported_in_float32(exported, workdir):
    version = exported[0] / "1"
    trained = load(workdir, 2)
    answers = load_answers(version / ANSWERS)
    images = normalize(tf.constant(answers.images), trained.description)
    for repeat, is_equal in ((1, False), (2, True)):
        logits = load(workdir, repeat).model(images)
        found = tf.nn.softmax(logits).numpy()
        difference = np.abs(found - answers.probabilities).max()
        assert (difference < 1e-6) == is_equal
    with keras_may_warn():
        kernel = largest_kernel(fold(trained))
    graph = (version / "saved_model.pb").read_bytes()
    assert graph.count(kernel.tobytes()) == 1
    assert types_pb2.DT_BFLOAT16 not in set(dtypes_in(graph))
    document = json.loads((version / "hnas_tf.json").read_text())
    assert document["repeat"] == 2


def dtypes_in(graph):
    model = saved_model_pb2.SavedModel.FromString(graph)
    for function in model.meta_graphs[0].graph_def.library.function:
        for node in function.node_def:
            for attribute in node.attr.values():
                yield attribute.type


def test_an_export_that_is_whole_passes_its_check(exported, said):
    code, out, err = said["good"]
    assert (code, err) == (0, "")
    title, _, *rows = out.splitlines()
    assert title == (
        f"{exported[0]}/1, against the trained network in float32:"
    )
    assert [row.split()[:2] for row in rows] == [
        [signature, "16"]
        for signature in (
            *("serving_default", "predict_images"),
            *("predict_bytes", "classify"),
        )
    ]


DAMAGES = {
    with_another_weight: (
        "Expected the probabilities of the trained network within 0.0001. "
        "Received: a difference of ",
    ),
    with_damaged_answers: ("hnas_tf_answers.npz. Received: ",),
    without_half_of_the_graph: ("an export that loads and answers in ",),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_export_does_not_pass_it(damage, said):
    assert_is_sentence(said[damage], *DAMAGES[damage])


def test_a_training_that_has_not_ended_is_not_exported(said, workdir):
    words = "Expected repeat 2 of ", "to be trained to the end"
    assert assert_is_sentence(said["unfinished"], *words) == ""
    assert not (workdir.parent / "none").exists()


def test_a_bucket_is_no_place_to_export_to(said):
    words = "Expected a folder of this machine", "gs:/bucket/digits"
    assert assert_is_sentence(said["bucket"], *words) == ""


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        ("--repeat=0", "repeat"),
        ("--format=onnx", "savedmodel, tflite. Received: "),
        ("--model_name=two words", "Received: "),
        ("--warmup_batch_sizes=1,x", "warmup_batch_sizes"),
        ("--tolerance=0", "tolerance"),
    ],
)
def test_a_wrong_flag_is_answered_in_a_sentence(flag, words, mark, tmp_path):
    flags = f"--workdir={tmp_path / 'no'}", f"--export_dir={tmp_path / 'to'}"
    code, out, err = processes.run(mark, "export", *flags, flag)
    assert code in (1, 2) and out == ""
    assert err.startswith("error: ") and len(err.splitlines()) == 1, err
    assert words in err
    assert list(tmp_path.iterdir()) == []
