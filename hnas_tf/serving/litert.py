"""The LiteRT (TensorFlow Lite) models of a network: float32, and int8."""

import dataclasses
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hnas_tf import files
from hnas_tf.errors import HnasError
from hnas_tf.quiet import quiet_stderr
from hnas_tf.serving.names import (
    FLOAT_NAME,
    IMAGES_INPUT,
    INT8_NAME,
    LABELS_NAME,
)
from hnas_tf.serving.network import FoldedNetwork
from hnas_tf.serving.samples import Samples
from hnas_tf.serving.saved_model import labels_of
from hnas_tf.serving.verification import (
    compare,
    require_close,
    require_same_classes,
)

NUM_CALIBRATION_PICTURES = 200


def require_litert() -> None:
    """Checks that LiteRT is installed.

    Raises:
        HnasError: if it is not; says how to install it.
    """
    if importlib.util.find_spec("ai_edge_litert") is None:
        raise HnasError(
            "Expected LiteRT for --format=tflite; install it with pip install "
            "'hnas_tf[tflite]'. Received: a Python without it"
        )


def write_models(
    network: FoldedNetwork,
    folder: Path,
    samples: Samples,
    *,
    calibration: NDArray[np.uint8],
    tolerance: float,
) -> dict[str, dict[str, Any]]:
    """Writes both models and the labels, and tries the models on pictures.

    Args:
        network: To be converted.
        folder: Of the version.
        samples: Pictures, and what the trained network says of them.
        calibration: Of the int8 model, as of `convert`.
        tolerance: By how much a probability of the float32 model may differ.

    Returns:
        Size, comparison and accuracy of both, by the names of their files.

    Raises:
        HnasError: if the float32 model says something else than the trained
            network.
    """
    float32, int8 = convert(network), convert(network, calibration=calibration)
    found = {}
    for name, model in ((FLOAT_NAME, float32), (INT8_NAME, int8)):
        files.write_bytes(folder / name, model)
        probabilities = probabilities_of(model, samples.answers.images)
        comparison = compare(probabilities, samples.answers)
        if name == FLOAT_NAME:
            require_close({name: comparison}, tolerance)
            require_same_classes(comparison, name)
        found[name] = {
            "bytes": len(model),
            "split": samples.split,
            **dataclasses.asdict(comparison),
            "accuracy": samples.accuracy(probabilities.argmax(axis=1)),
            "trained_accuracy": samples.accuracy(samples.answers.predictions),
        }
    files.write_text(folder / LABELS_NAME, labels_of(network))
    return found


def convert(
    network: FoldedNetwork,
    *,
    calibration: NDArray[np.uint8] | None = None,
) -> bytes:
    """Returns the network as a LiteRT model.

    It reads one image as stored, uint8 [1, height, width, channels], and
    normalizes it by itself; its output is `probabilities`, [1, classes].

    Args:
        network: To be converted.
        calibration: Pictures, uint8 [pictures, height, width, channels]: with
            them the model computes in int8, with scales that suit them.
    """
    from hnas_tf.serving.compact import compact

    def predict(images: tf.Tensor) -> dict[str, tf.Tensor]:
        logits = network.logits(tf.cast(images, tf.float32))
        return {"probabilities": tf.nn.softmax(logits)}

    spec = tf.TensorSpec([1, *network.image_shape], tf.uint8, IMAGES_INPUT)
    module = tf.Module()
    module.predict = tf.function(
        predict, autograph=False, input_signature=[spec]
    )
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [module.predict.get_concrete_function()], module
    )
    if calibration is not None:

        def representative() -> Iterator[list[NDArray[np.uint8]]]:
            for image in calibration:
                yield [image[np.newaxis]]

        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = representative
    with quiet_stderr():
        return compact(bytes(converter.convert()))


def probabilities_of(
    model: bytes, images: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """Returns what a model says of pictures, [pictures, classes]."""
    from ai_edge_litert.interpreter import Interpreter

    with quiet_stderr():
        runner = Interpreter(model_content=model).get_signature_runner()
        answers = [
            runner(**{IMAGES_INPUT: image[np.newaxis]})["probabilities"]
            for image in images
        ]
    probabilities: NDArray[np.float32] = np.concatenate(answers)
    return probabilities
