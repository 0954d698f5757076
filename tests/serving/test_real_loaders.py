"""Exports in the loaders of servers and users, which know nothing of us."""

import pathlib
import sys

import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

from hnas_tf.serving import messages, saved_model
from hnas_tf.serving.network import fold
from tests.serving.exports import (
    NUM_DIGITS,
    ask,
    assert_close,
    example,
    keras_may_warn,
    of_bytes,
    of_examples,
    of_images,
    probabilities_of,
    python,
    run_together,
    some_digits,
    write,
)

pytestmark = keras_may_warn

FLOAT, UINT8, STRING = 1, 4, 7  # As TF_DataType has them.
PREDICTED = {"probabilities": FLOAT, "classes": STRING, "logits": FLOAT}
PREDICT, CLASSIFY = (
    f"tensorflow/serving/{method}" for method in ("predict", "classify")
)
SIGNATURES = {
    "serving_default": ({"images": UINT8}, PREDICTED, PREDICT),
    "predict_images": ({"images": UINT8}, PREDICTED, PREDICT),
    "predict_bytes": ({"image_bytes": STRING}, PREDICTED, PREDICT),
    "classify": (
        {"inputs": STRING},
        {"classes": STRING, "scores": FLOAT},
        CLASSIFY,
    ),
}
WARMUP_SIZES = (1, 3)  # Of `export_dir`.
CLI = pathlib.Path(sys.executable).with_name("saved_model_cli")

BLOCKED = """
import sys
sys.modules["keras"] = sys.modules["hnas_tf"] = None
import numpy as np, tensorflow as tf
folder, images, outputs = sys.argv[1:]
predict = tf.saved_model.load(folder).signatures["serving_default"]
found = predict(images=tf.constant(np.load(images)))
np.savez(outputs, **{name: value.numpy() for name, value in found.items()})
"""


def warmup_of(version):
    """Yields the requests, read with TF Serving's own messages."""
    path = version / "assets.extra" / "tf_serving_warmup_requests"
    for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
        yield prediction_log_pb2.PredictionLog.FromString(record)


def sent_to_predict(log):
    """Returns for whom a request is, and the shape of what it sends."""
    request = log.predict_log.request
    ((name, tensor),) = request.inputs.items()
    inputs, _, _ = SIGNATURES[request.model_spec.signature_name]
    assert inputs == {name: tensor.dtype}
    sent = tf.make_ndarray(tensor)
    if sent.dtype == object:
        sizes = [tf.io.decode_png(record).shape for record in sent]
        assert set(sizes) == {tf.TensorShape([8, 8, 1])}
    return request.model_spec, sent.shape


def sent_to_classify(log):
    request = log.classify_log.request
    examples = request.input.example_list.examples
    for each in examples:
        (record,) = each.features.feature["image/encoded"].bytes_list.value
        assert tf.io.decode_png(record).shape == (8, 8, 1)
    return request.model_spec, (len(examples),)


DECODE = {"predict_log": sent_to_predict, "classify_log": sent_to_classify}


@pytest.fixture(scope="module")
def expected(trained):
    """What the trained network says of some digits."""
    found = probabilities_of(trained, some_digits()[0])
    assert np.ptp(found, axis=0).max() > 0.1  # Or any network would do.
    return found


@pytest.fixture(scope="module")
def asked(version, tmp_path_factory):
    """What TensorFlow's C API says of them, by every signature."""
    images, records = some_digits()
    return ask(
        version,
        tmp_path_factory.mktemp("asked") / "requests",
        ("serving_default", {"images": images}),
        of_images(images),
        of_bytes(*records),
        of_examples(*map(example, records)),
    )


@pytest.fixture(scope="module")
def images_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("images") / "images.npy"
    np.save(path, some_digits()[0])
    return path


@pytest.fixture(scope="module")
def said(version, images_file, tmp_path_factory):
    """What the tool of TensorFlow shows, and what it computes."""
    out = tmp_path_factory.mktemp("out")
    which = ["--tag_set", "serve", "--signature_def", "predict_images"]
    given = ["--inputs", f"images={images_file}", "--outdir", out]
    show, _ = run_together(
        [CLI, "show", "--dir", version, "--all"],
        [CLI, "run", "--dir", version, *which, *given],
    )
    return show, np.load(out / "probabilities.npy")


def test_all_that_predict_give_what_the_network_was_trained_to(asked, expected):
    for answer in asked.answers[:3]:
        assert_close(answer["probabilities"], expected)
        softmax = tf.nn.softmax(answer["logits"])
        assert_close(answer["probabilities"], softmax)
        names = [str(label).encode() for label in expected.argmax(axis=1)]
        assert answer["classes"].tolist() == names


def test_classify_gives_every_class_and_its_score(asked, expected):
    answer = asked.answers[3]
    assert_close(answer["scores"], expected)
    names = [str(label).encode() for label in range(10)]
    assert answer["classes"].tolist() == [names] * NUM_DIGITS


def test_the_signatures_are_those_that_the_readme_tells(asked):
    assert asked.signatures == SIGNATURES


def test_the_command_line_tool_shows_every_signature(said):
    for name, (inputs, outputs, method) in SIGNATURES.items():
        _, _, part = said[0].partition(f"signature_def['{name}']:")
        part, _, _ = part.partition("signature_def[")
        assert f"Method name is: {method}" in part
        for tensor in inputs:
            assert f"inputs['{tensor}']" in part
        for tensor in outputs:
            assert f"outputs['{tensor}']" in part


def test_the_command_line_tool_runs_it(said, expected):
    assert_close(said[1], expected)


def test_it_loads_where_there_is_neither_keras_nor_hnas_tf(
    version, expected, images_file, tmp_path
):
    outputs = tmp_path / "outputs.npz"
    python(BLOCKED, version, images_file, outputs)
    with np.load(outputs) as found:
        assert found.keys() == PREDICTED.keys()
        assert_close(found["probabilities"], expected)


def test_a_server_warms_up_with_every_signature_and_batch_size(version):
    found = set()
    for log in warmup_of(version):
        spec, shape = DECODE[log.WhichOneof("log_type")](log)
        assert spec.name == "digits"
        found.add((spec.signature_name, shape))
    assert found == {
        (signature, (size, *rest))
        for signature, rest in (
            ("serving_default", (8, 8, 1)),
            ("predict_images", (8, 8, 1)),
            ("predict_bytes", ()),
            ("classify", ()),
        )
        for size in WARMUP_SIZES
    }


def test_our_messages_and_those_of_the_server_live_in_one_process(version):
    tensor = tf.make_tensor_proto([b"a"])
    ours = messages.predict_log(
        "name", "predict_bytes", "image_bytes", tensor.SerializeToString()
    )
    theirs = prediction_log_pb2.PredictionLog()
    request = theirs.predict_log.request
    request.model_spec.name = "name"
    request.model_spec.signature_name = "predict_bytes"
    request.inputs["image_bytes"].CopyFrom(tensor)
    assert prediction_log_pb2.PredictionLog.FromString(ours) == theirs


def test_large_networks_keep_their_weights_as_variables(
    trained, expected, tmp_path, monkeypatch
):
    monkeypatch.setattr(saved_model, "MAX_CONSTANT_BYTES", 0)
    folder = write(trained, tmp_path / "model")
    images, records = some_digits()
    requests = of_images(images), of_bytes(*records)
    for answer in ask(folder, tmp_path / "requests", *requests).answers:
        assert_close(answer["probabilities"], expected)
    saved = tf.train.list_variables(str(folder / "variables" / "variables"))
    shapes = [tuple(shape) for _, shape in saved]
    for weights in fold(trained).weights.values():
        assert all(w.shape in shapes for w in weights if w is not None)


def test_images_may_be_sent_as_floats(trained, expected, tmp_path):
    folder = write(trained, tmp_path / "model", image_dtype="float32")
    images = some_digits()[0].astype(np.float32)
    found = ask(folder, tmp_path / "requests", of_images(images))
    assert_close(found.answers[0]["probabilities"], expected)
    assert found.signatures["predict_images"][0] == {"images": FLOAT}
