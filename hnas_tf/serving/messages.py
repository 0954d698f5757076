"""The requests of TF Serving, as far as warm-up needs them.

`tensorflow-serving-api` brings them too, but asks for the distribution
`tensorflow`, which collides with tensorflow-cpu and tensorflow-tpu. The
descriptors below are a part of theirs, in a pool of their own, since two of one
name in the default pool would collide. Messages that we only pass on
(TensorProto, tf.Example) are declared as the bytes that they are on the wire.
"""

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "tensorflow.serving"

_Field = descriptor_pb2.FieldDescriptorProto
_SCALARS = {"string": _Field.TYPE_STRING, "bytes": _Field.TYPE_BYTES}

# Name, number and type of every field; a star says that it is repeated. What
# is a map there, is on the wire a repeated message of key and value.
_MESSAGES = {
    "ModelSpec": [("name", 1, "string"), ("signature_name", 3, "string")],
    "InputsEntry": [("key", 1, "string"), ("value", 2, "bytes")],
    "PredictRequest": [
        ("model_spec", 1, "ModelSpec"),
        ("inputs", 2, "InputsEntry*"),
    ],
    "PredictLog": [("request", 1, "PredictRequest")],
    "ExampleList": [("examples", 1, "bytes*")],
    "Input": [("example_list", 1, "ExampleList")],
    "ClassificationRequest": [
        ("model_spec", 1, "ModelSpec"),
        ("input", 2, "Input"),
    ],
    "ClassifyLog": [("request", 1, "ClassificationRequest")],
    "PredictionLog": [
        ("classify_log", 2, "ClassifyLog"),
        ("predict_log", 6, "PredictLog"),
    ],
}


def file_descriptor() -> bytes:
    """Returns the descriptors, serialized: all that a reader needs."""
    file = descriptor_pb2.FileDescriptorProto(
        name="hnas_tf/serving/messages.proto", package=PACKAGE, syntax="proto3"
    )
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        message.field.extend(_field(*field) for field in fields)
    return bytes(file.SerializeToString())


def _field(
    name: str, number: int, kind: str
) -> descriptor_pb2.FieldDescriptorProto:
    one = kind.removesuffix("*")
    is_scalar = one in _SCALARS
    return _Field(
        name=name,
        number=number,
        label=_Field.LABEL_OPTIONAL if one == kind else _Field.LABEL_REPEATED,
        type=_SCALARS.get(one, _Field.TYPE_MESSAGE),
        type_name=None if is_scalar else f".{PACKAGE}.{one}",
    )


def _message_class(name: str) -> Any:
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file_descriptor())
    found = pool.FindMessageTypeByName(f"{PACKAGE}.{name}")
    return message_factory.GetMessageClass(found)


def predict_log(
    model_name: str, signature: str, name: str, tensor: bytes
) -> bytes:
    """Returns a request to the Predict API, as a record for warm-up.

    Args:
        model_name: As the server knows it.
        signature: Of the model.
        name: Of its input.
        tensor: A serialized TensorProto.
    """
    log = _message_class("PredictionLog")()
    request = log.predict_log.request
    request.model_spec.name = model_name
    request.model_spec.signature_name = signature
    request.inputs.add(key=name, value=tensor)
    return bytes(log.SerializeToString())


def classify_log(
    model_name: str, signature: str, examples: list[bytes]
) -> bytes:
    """Returns a request to the Classify API, as a record for warm-up.

    Args:
        model_name: As the server knows it.
        signature: Of the model.
        examples: Serialized tf.Examples.
    """
    log = _message_class("PredictionLog")()
    request = log.classify_log.request
    request.model_spec.name = model_name
    request.model_spec.signature_name = signature
    request.input.example_list.examples.extend(examples)
    return bytes(log.SerializeToString())
