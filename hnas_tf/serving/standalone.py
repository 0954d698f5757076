"""Loads an export as a stranger would: without hnas_tf, without Keras.

    python standalone.py FOLDER

FOLDER holds `request.json`: the SavedModel, the descriptor of the warm-up's
messages, and which pictures to show it. This program replays the warm-up, or
measures latencies instead, and writes `answers.npz` and `report.json` there.
Since it is to prove that nothing else is needed, it imports nothing of the
package that it lies in.
"""

import base64
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

for _name in ("keras", "tf_keras", "hnas_tf"):
    sys.modules[_name] = None  # type: ignore[assignment]

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from google.protobuf import descriptor_pool, message_factory  # noqa: E402
from tensorflow.core.framework import tensor_pb2  # noqa: E402

_BATCH = 32
_MAX_BATCH = 128
_FIRST, _REPEATS, _MAX_REPEATS = 2, 4, 50
_ENOUGH_SECONDS = 0.3
_SECONDS = 1.0
_WARMUP = "assets.extra/tf_serving_warmup_requests"

Inputs = dict[str, Any]


def main() -> None:
    """Does what the request asks for, and ends at once if its parent does."""
    threading.Thread(target=_watch, daemon=True).start()
    folder = Path(sys.argv[1])
    request = json.loads((folder / "request.json").read_text("utf-8"))
    threads = request["intra_op_threads"]
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    begin = time.perf_counter()
    model = tf.saved_model.load(request["model"])
    report: dict[str, Any] = {"load_seconds": time.perf_counter() - begin}
    if request["measures"]:
        images = np.load(request["measures"])["images"]
        report["latencies"] = _latencies(model, images)
    else:
        begin = time.perf_counter()
        report["num_warmup_requests"] = _replay(model, request)
        report["warmup_seconds"] = time.perf_counter() - begin
    answers = {}
    for show in request["shows"]:
        for signature in show["signatures"]:
            for name, values in _show(model, signature, show["path"]):
                answers[f"{show['name']}.{signature}.{name}"] = values
    np.savez(folder / "answers.npz", **answers)
    (folder / "report.json").write_text(json.dumps(report), "utf-8")


def _watch() -> None:
    os.read(0, 1)  # Nothing comes but the end.
    os._exit(1)


def _replay(model: Any, request: dict[str, str]) -> int:
    """Runs all requests of the warm-up; returns how many there are."""
    path = Path(request["model"]) / _WARMUP
    if not path.exists():
        return 0
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(base64.b64decode(request["descriptor"]))
    found = pool.FindMessageTypeByName("tensorflow.serving.PredictionLog")
    log_class = message_factory.GetMessageClass(found)
    number = 0
    for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
        _run(model, *_request_in(log_class.FromString(record)))
        number += 1
    return number


def _request_in(log: Any) -> tuple[str, Inputs]:
    """Returns the signature that a request is for, and its inputs."""
    if log.HasField("classify_log"):
        request = log.classify_log.request
        examples = list(request.input.example_list.examples)
        return request.model_spec.signature_name, {"inputs": examples}
    request = log.predict_log.request
    return request.model_spec.signature_name, {
        entry.key: tf.make_ndarray(
            tensor_pb2.TensorProto.FromString(entry.value)
        )
        for entry in request.inputs
    }


def _run(model: Any, signature: str, inputs: Inputs) -> dict[str, Any]:
    function = model.signatures[signature]
    specs = function.structured_input_signature[1]
    outputs = function(
        **{
            name: tf.cast(value, specs[name].dtype)
            for name, value in inputs.items()
        }
    )
    return {name: value.numpy() for name, value in outputs.items()}


def _show(model: Any, signature: str, path: str) -> Iterator[tuple[str, Any]]:
    """Yields the outputs of a signature, over all pictures of a file."""
    pictures = np.load(path)
    inputs = _INPUTS[signature](pictures)
    ((name, values),) = inputs.items()
    parts = [
        _run(model, signature, {name: values[start : start + _BATCH]})
        for start in range(0, len(values), _BATCH)
    ]
    for output in parts[0]:
        joined = np.concatenate([part[output] for part in parts])
        if joined.dtype == object:
            texts = [str(value, "utf-8") for value in joined.flat]
            joined = np.array(texts).reshape(joined.shape)
        yield output, joined


def _images(pictures: Any) -> Inputs:
    return {"images": pictures["images"]}


def _records(pictures: Any) -> Inputs:
    joined, ends = pictures["records"].tobytes(), pictures["lengths"].cumsum()
    starts = ends - pictures["lengths"]
    cuts = zip(starts, ends, strict=True)
    return {"image_bytes": [joined[start:end] for start, end in cuts]}


def _examples(pictures: Any) -> Inputs:
    return {
        "inputs": [
            tf.train.Example(
                features=tf.train.Features(
                    feature={
                        "image/encoded": tf.train.Feature(
                            bytes_list=tf.train.BytesList(value=[record])
                        )
                    }
                )
            ).SerializeToString()
            for record in _records(pictures)["image_bytes"]
        ]
    }


_INPUTS: dict[str, Callable[[Any], Inputs]] = {
    "serving_default": _images,
    "predict_images": _images,
    "predict_bytes": _records,
    "classify": _examples,
}


def _latencies(model: Any, images: Any) -> dict[int, float]:
    """Returns seconds of a request, by the batch size, which doubles.

    Measured up to a batch that takes a second.
    """
    latencies: dict[int, float] = {}
    batch_size = 1
    while batch_size <= _MAX_BATCH:
        batch = np.resize(images, (batch_size, *images.shape[1:]))
        latencies[batch_size] = _seconds_of(model, {"images": batch})
        if latencies[batch_size] > _SECONDS:
            break
        batch_size *= 2
    return latencies


def _seconds_of(model: Any, inputs: Inputs) -> float:
    """Returns the median over several requests; the first ones do not count."""
    seconds: list[float] = []
    while len(seconds) < _FIRST + _REPEATS or (
        sum(seconds) < _ENOUGH_SECONDS and len(seconds) < _MAX_REPEATS
    ):
        begin = time.perf_counter()
        _run(model, "serving_default", inputs)
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds[_FIRST:])


if __name__ == "__main__":
    main()
