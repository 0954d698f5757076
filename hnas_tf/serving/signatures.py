"""What a server may be asked: the signatures of an exported network."""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from hnas_tf.serving.names import (
    BYTES,
    BYTES_INPUT,
    CLASSIFY,
    DEFAULT,
    ENCODED_FEATURE,
    EXAMPLES_INPUT,
    IMAGES,
    IMAGES_INPUT,
)
from hnas_tf.serving.network import FoldedNetwork

Outputs = dict[str, tf.Tensor]


def signatures_of(
    network: FoldedNetwork, *, image_dtype: str
) -> dict[str, Any]:
    """Returns the functions to be served, by the names of their signatures.

    Args:
        network: To be served.
        image_dtype: In which images are sent: `uint8` or `float32`.
    """
    shape, class_names = network.image_shape, network.description.class_names
    predict, images_of = _predictor(network), _reader(network)

    def predict_bytes(records: tf.Tensor) -> Outputs:
        return predict(images_of(records))

    def classify(examples: tf.Tensor) -> Outputs:
        feature = tf.io.FixedLenFeature([], tf.string)
        found = tf.io.parse_example(examples, {ENCODED_FEATURE: feature})
        scores = predict_bytes(found[ENCODED_FEATURE])["probabilities"]
        names = tf.constant([class_names])
        classes = tf.tile(names, [tf.shape(scores)[0], 1])
        return {"classes": classes, "scores": scores}

    images = tf.TensorSpec([None, *shape], image_dtype, name=IMAGES_INPUT)
    return {
        DEFAULT: _signature(predict, images),
        IMAGES: _signature(predict, images),
        BYTES: _signature(predict_bytes, _strings(BYTES_INPUT)),
        CLASSIFY: _signature(classify, _strings(EXAMPLES_INPUT)),
    }


def _predictor(network: FoldedNetwork) -> Callable[[tf.Tensor], Outputs]:
    """Returns a function: images -> what the network says of them."""
    shape = [None, *network.image_shape]
    # Traced once, and called by every signature: its weights are stored once.
    logits_of = tf.function(
        network.logits, autograph=False
    ).get_concrete_function(tf.TensorSpec(shape, tf.float32))

    def predict(images: tf.Tensor) -> Outputs:
        # Of another rank, an image would end the server by a failed check.
        images = tf.ensure_shape(images, shape)
        logits = logits_of(tf.cast(images, tf.float32))
        names = tf.constant(network.description.class_names)
        return {
            "probabilities": tf.nn.softmax(logits),
            "classes": tf.gather(names, tf.argmax(logits, axis=-1)),
            "logits": logits,
        }

    return predict


def _reader(network: FoldedNetwork) -> Callable[[tf.Tensor], tf.Tensor]:
    """Returns a function: encoded pictures -> images, uint8; traced once."""

    def decoded(records: tf.Tensor) -> tf.Tensor:
        return tf.map_fn(
            network.decode,
            records,
            fn_output_signature=tf.TensorSpec(network.image_shape, tf.uint8),
        )

    reader: Callable[[tf.Tensor], tf.Tensor] = tf.function(
        decoded, autograph=False
    ).get_concrete_function(tf.TensorSpec([None], tf.string))
    return reader


def _strings(name: str) -> tf.TensorSpec:
    return tf.TensorSpec([None], tf.string, name=name)


def _signature(
    function: Callable[[tf.Tensor], Outputs], spec: tf.TensorSpec
) -> Any:
    return tf.function(function, autograph=False, input_signature=[spec])
