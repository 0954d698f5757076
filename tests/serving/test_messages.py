"""Our requests are those of the real messages, byte for byte."""

import numpy as np
import tensorflow as tf
from google.protobuf import descriptor_pool, message_factory
from tensorflow.core.framework import tensor_pb2
from tensorflow_serving.apis import prediction_log_pb2

from hnas_tf.serving.messages import (
    classify_log,
    file_descriptor,
    predict_log,
)


def read(record):
    """Returns a record as TF Serving reads it; all of it is understood."""
    log = prediction_log_pb2.PredictionLog.FromString(record)
    known = prediction_log_pb2.PredictionLog.FromString(record)
    known.DiscardUnknownFields()
    assert known == log
    return log


def example(content):
    example = tf.train.Example()
    values = example.features.feature["image/encoded"].bytes_list.value
    values.append(content)
    return example


def assert_round_trip(array):
    tensor = tf.make_tensor_proto(array)
    record = predict_log("m", "s", "images", tensor.SerializeToString())
    request = read(record).predict_log.request
    assert request.inputs["images"] == tensor
    assert np.array_equal(tf.make_ndarray(request.inputs["images"]), array)


def test_a_prediction_is_read_as_it_was_written():
    tensor = tf.make_tensor_proto([b"one", b"\xff\x00two"])
    log = read(
        predict_log(
            "digits", "predict_bytes", "bytes", tensor.SerializeToString()
        )
    )
    assert log.WhichOneof("log_type") == "predict_log"
    assert not log.HasField("log_metadata")
    request = log.predict_log.request
    assert request.model_spec.name == "digits"
    assert request.model_spec.signature_name == "predict_bytes"
    # Without one, the server warms up whichever version it loads.
    assert request.model_spec.WhichOneof("version_choice") is None
    assert dict(request.inputs) == {"bytes": tensor}
    assert not request.output_filter


def test_images_are_read_as_they_were_written():
    rng = np.random.default_rng(0)
    images = rng.integers(256, size=(3, 4, 5, 1))
    assert_round_trip(images.astype(np.uint8))
    assert_round_trip(images.astype(np.float32))


def test_a_classification_is_read_as_it_was_written():
    examples = [example(b"one"), example(b"\xff\x00two"), example(b"")]
    serialized = [each.SerializeToString() for each in examples]
    log = read(classify_log("digits", "classify", serialized))
    assert log.WhichOneof("log_type") == "classify_log"
    request = log.classify_log.request
    assert request.model_spec.name == "digits"
    assert request.model_spec.signature_name == "classify"
    assert request.input.WhichOneof("kind") == "example_list"
    assert list(request.input.example_list.examples) == examples


def test_names_beyond_ascii_are_kept():
    log = read(predict_log("größe", "s", "x", b""))
    assert log.predict_log.request.model_spec.name == "größe"


def test_the_descriptors_alone_are_enough_to_read_a_request():
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file_descriptor())
    found = pool.FindMessageTypeByName("tensorflow.serving.PredictionLog")
    theirs = prediction_log_pb2.PredictionLog()
    theirs.predict_log.request.model_spec.name = "digits"
    tensor = tf.make_tensor_proto([1.0, 2.0])
    theirs.predict_log.request.inputs["images"].CopyFrom(tensor)
    ours = message_factory.GetMessageClass(found).FromString(
        theirs.SerializeToString()
    )
    request = ours.predict_log.request
    assert request.model_spec.name == "digits"
    (entry,) = request.inputs
    assert entry.key == "images"
    found = tensor_pb2.TensorProto.FromString(entry.value)
    assert tf.make_ndarray(found).tolist() == [1.0, 2.0]
