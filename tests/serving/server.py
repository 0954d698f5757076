"""A stand-in for TensorFlow Serving, which is not to be had here.

It follows the documentation of the real one as far as our tests ask: REST's
Predict in rows and Classify, with and without a version, and gRPC's Predict,
over one SavedModel that TensorFlow itself loads. It does no batching, and
knows no features but strings and no model of a single output.
"""

import base64
import contextlib
import json
import re
import threading
from concurrent import futures
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import grpc
import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

_URL = re.compile(r"/v1/models/([^/:]+)(?:/versions/(\d+))?:(predict|classify)")
_CLASSIFY = "tensorflow/serving/classify"
_PAIR = ("classes", "scores")
_LOCALHOST = "127.0.0.1"


class Addresses(NamedTuple):
    """host:port of both interfaces."""

    rest: str
    grpc: str


class Model:
    """A version of a model, as both interfaces know it."""

    def __init__(self, folder, name, version):
        self.name, self.version = name, version
        self._loaded = tf.saved_model.load(str(folder))
        content = (folder / "saved_model.pb").read_bytes()
        graphs = saved_model_pb2.SavedModel.FromString(content).meta_graphs
        self._definitions = graphs[0].signature_def

    def is_meant(self, name, version):
        return name == self.name and version in (None, self.version)

    def specs(self, signature):
        """Returns the inputs of a signature; ValueError if there is none."""
        if signature not in self._loaded.signatures:
            raise ValueError(f'"{signature}" not found in signature def')
        return self._loaded.signatures[signature].structured_input_signature[1]

    def run(self, signature, inputs):
        """Returns arrays by name; ValueError where TensorFlow refuses."""
        specs = self.specs(signature)
        if inputs.keys() != specs.keys():
            raise ValueError(f"{sorted(inputs)} != {sorted(specs)}")
        try:
            outputs = self._loaded.signatures[signature](**inputs)
        except tf.errors.OpError as error:
            raise ValueError(error.message) from error
        return {name: value.numpy() for name, value in outputs.items()}

    def require_classify(self, signature):
        method = self._definitions[signature].method_name
        if method != _CLASSIFY:
            raise ValueError(f"Expected {_CLASSIFY}. Was: {method}")


@contextlib.contextmanager
def serve(folder, *, name="digits", version=1):
    """Serves a SavedModel; yields the addresses."""
    model = Model(folder, name, version)

    class Handler(_RestHandler):
        served = model

    service = grpc.server(futures.ThreadPoolExecutor(2))
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
        _Service(model), service
    )
    port = service.add_insecure_port(f"{_LOCALHOST}:0")
    service.start()
    try:
        with _http(Handler) as rest:
            yield Addresses(rest, f"{_LOCALHOST}:{port}")
    finally:
        service.stop(None).wait()


@contextlib.contextmanager
def answering(body, *, status=200, length=None):
    """Serves one answer to whatever is asked; yields the address."""

    class Handler(_Handler):
        def do_POST(self):  # noqa: N802
            self.read_body()
            self.answer(body, status=status, length=length)

    with _http(Handler) as address:
        yield address


@contextlib.contextmanager
def _http(handler):
    with ThreadingHTTPServer((_LOCALHOST, 0), handler) as server:
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        thread.start()
        try:
            yield f"{_LOCALHOST}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    def read_body(self):
        return self.rfile.read(int(self.headers["Content-Length"]))

    def answer(self, body, *, status=200, length=None):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        length = len(body) if length is None else length
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Says nothing."""


class _RestHandler(_Handler):
    served: Model

    def do_POST(self):  # noqa: N802
        body, status = self.read_body(), 200
        try:
            found = self._found(json.loads(body))
        except LookupError as error:
            found, status = {"error": error.args[0]}, 404
        except ValueError as error:
            found, status = {"error": str(error)}, 400
        self.answer(json.dumps(found).encode(), status=status)

    def _found(self, request):
        match = _URL.fullmatch(self.path)
        if match is None:
            raise ValueError(f"Malformed request: POST {self.path}")
        name, version, method = match.groups()
        if not self.served.is_meant(name, version and int(version)):
            which = f"Specific({name}, {version})" if version else name
            raise LookupError(f"Servable not found for request: {which}")
        signature = request.get("signature_name", "serving_default")
        answers = {"predict": _predictions, "classify": _results}
        return answers[method](self.served, signature, request)


def _predictions(model, signature, request):
    specs = model.specs(signature)
    columns = {name: [] for name in specs}
    for instance in request["instances"]:
        for name, value in _named(instance, specs).items():
            if name not in columns:
                raise ValueError(f"Failed to process element: {name}")
            columns[name].append(_decoded(value))
    inputs = {
        name: tf.constant(np.array(values, specs[name].dtype.as_numpy_dtype))
        for name, values in columns.items()
    }
    outputs = model.run(signature, inputs)
    rows = zip(*map(_listed, outputs.values()), strict=True)
    return {"predictions": [dict(zip(outputs, r, strict=True)) for r in rows]}


def _named(instance, specs):
    """Returns the values of an instance by name.

    That of an only input may be given without its name.
    """
    if isinstance(instance, dict) and instance.keys() != {"b64"}:
        return instance
    if len(specs) != 1:
        raise ValueError("instances is a plain list, but expecting objects")
    return dict.fromkeys(specs, instance)


def _results(model, signature, request):
    specs = model.specs(signature)
    model.require_classify(signature)
    examples = [_example(features) for features in request["examples"]]
    outputs = model.run(signature, dict.fromkeys(specs, tf.constant(examples)))
    rows = zip(*map(_listed, map(outputs.get, _PAIR)), strict=True)
    return {"results": [list(zip(*row, strict=True)) for row in rows]}


def _example(features):
    example = tf.train.Example()
    for name, value in features.items():
        values = example.features.feature[name].bytes_list.value
        values.append(_decoded(value))
    return example.SerializeToString()


def _decoded(value):
    if isinstance(value, dict):
        return base64.b64decode(value["b64"], validate=True)
    return value.encode() if isinstance(value, str) else value


def _listed(array):
    is_text = array.dtype == object
    return (np.char.decode(array.astype(bytes)) if is_text else array).tolist()


class _Service(prediction_service_pb2_grpc.PredictionServiceServicer):
    def __init__(self, model):
        self._model = model

    def Predict(self, request, context):  # noqa: N802
        spec = request.model_spec
        version = spec.version.value if spec.HasField("version") else None
        if not self._model.is_meant(spec.name, version):
            context.abort(grpc.StatusCode.NOT_FOUND, "Servable not found")
        signature = spec.signature_name or "serving_default"
        inputs = {
            name: tf.constant(tf.make_ndarray(value))
            for name, value in request.inputs.items()
        }
        try:
            outputs = self._model.run(signature, inputs)
        except ValueError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        answer = predict_pb2.PredictResponse()
        for name, value in outputs.items():
            answer.outputs[name].CopyFrom(_proto(value))
        return answer


def _proto(array):
    """Returns a TensorProto that has its values in a field of their type."""
    proto = tf.make_tensor_proto(array)
    if proto.tensor_content:
        proto.ClearField("tensor_content")
        proto.float_val.extend(array.flat)
    return proto
