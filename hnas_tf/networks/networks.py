"""The networks of the paper, as Keras functional models."""

from typing import Any

import keras

from hnas_tf.config import NetworkConfig
from hnas_tf.errors import HnasError
from hnas_tf.genotype import Genotype
from hnas_tf.networks.builder import build_plan
from hnas_tf.networks.initialization import initialize
from hnas_tf.plan import make_plan

_IMAGENET = {
    "num_channels": 64,
    "cells_per_group": 2,
    "num_groups": 4,
    "num_classes": 1000,
}


def cifar_network(
    genotype: Genotype,
    *,
    image_size: int | tuple[int | None, int | None] | None = 32,
    seed: int = 0,
    **network: Any,
) -> keras.Model:
    """Returns the CIFAR-type network of a genotype (Section 4.1).

    A 3x3 convolution, groups of cells with a separable convolution after
    every cell, global average pooling and a linear layer.

    Args:
        genotype: What the cells are made of.
        image_size: Height and width in pixels; `None` leaves them open.
        seed: Of the initial variables.
        **network: Attributes of `NetworkConfig`: `num_channels=16`,
            `cells_per_group=1`, `num_classes=10`, `image_channels=3`,
            `motif_width="cell"` or `"input"`, ...

    Returns:
        images [batch, height, width, channels] -> logits [batch, classes].

    Raises:
        GenotypeError: if the genotype cannot be assembled.
        InvalidError: if an attribute is out of range.
    """
    config = NetworkConfig(kind="cifar", **network)
    return _initialized(genotype, config, image_size, seed)


def imagenet_network(
    genotype: Genotype,
    *,
    image_size: int | tuple[int | None, int | None] | None = 299,
    seed: int = 0,
    **network: Any,
) -> keras.Model:
    """Returns the ImageNet-type network of a genotype (Section 4.1).

    Two 3x3 convolutions of stride 2, a group of one cell and three of two,
    a separable convolution after every cell, global average pooling and a
    linear layer. The sizes are from memory of the paper; they give about its
    number of parameters.

    Args:
        genotype: What the cells are made of.
        image_size: Height and width in pixels; `None` leaves them open.
        seed: Of the initial variables.
        **network: Attributes of `NetworkConfig`, as of `cifar_network`; left
            out, `num_channels=64`, `cells_per_group=2`, `num_groups=4` and
            `num_classes=1000`.

    Returns:
        images [batch, height, width, channels] -> logits [batch, classes].

    Raises:
        GenotypeError: if the genotype cannot be assembled.
        InvalidError: if an attribute is out of range.
    """
    config = NetworkConfig(kind="imagenet", **{**_IMAGENET, **network})
    return _initialized(genotype, config, image_size, seed)


def network_of(
    genotype: Genotype,
    config: NetworkConfig,
    *,
    image_size: tuple[int | None, int | None],
    precision: str = "float32",
) -> keras.Model:
    """Returns the network of a genotype, its kernels still zero.

    Args:
        genotype: What the cells are made of.
        config: The network around them.
        image_size: Height and width; `None` leaves them open.
        precision: `float32`, or `bfloat16`, in which all layers but the last
            compute. Images, variables and logits are float32 in both.

    Raises:
        GenotypeError: if the genotype cannot be assembled.
        InvalidError: if the precision is another.
        HnasError: if Keras runs on another backend than TensorFlow.
    """
    backend = keras.config.backend()
    if backend != "tensorflow":
        raise HnasError(
            "Expected Keras on TensorFlow; set KERAS_BACKEND=tensorflow. "
            f"Received: Keras on {backend}"
        )
    plan = make_plan(genotype, config)
    return build_plan(plan, config, image_size=image_size, precision=precision)


def _initialized(
    genotype: Genotype,
    config: NetworkConfig,
    image_size: int | tuple[int | None, int | None] | None,
    seed: int,
) -> keras.Model:
    if image_size is None or isinstance(image_size, int):
        image_size = (image_size, image_size)
    model = network_of(genotype, config, image_size=image_size)
    initialize(model, [seed])
    return model
