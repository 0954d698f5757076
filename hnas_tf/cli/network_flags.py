"""The flags of a network and of a training, for every program that trains.

Their defaults depend on the kind of network, so that each is the paper's.
"""

from collections.abc import Mapping
from typing import Any

from absl import flags

from hnas_tf.cli.sections import FLAGS, define_numbers, section
from hnas_tf.config import (
    AUGMENTATIONS,
    BATCH_NORM_STATISTICS,
    MOTIF_WIDTHS,
    PRECISIONS,
    NetworkConfig,
    TrainingConfig,
)

Defaults = Mapping[str, tuple[NetworkConfig, TrainingConfig]]
"""By `--network`; the first is its default."""

_defaults: Defaults = {}


def define(defaults: Defaults) -> None:
    """Defines the flags."""
    global _defaults
    _defaults = defaults
    flags.DEFINE_enum(
        "network",
        next(iter(defaults)),
        list(defaults),
        "What is around the cells: the paper's network for CIFAR-10, or that "
        "for ImageNet. Sets the defaults of the flags below.",
    )
    flags.DEFINE_integer("seed", 0, "Of everything random, but for the splits.")
    for name, help_text in _INTEGERS.items():
        flags.DEFINE_integer(name, None, help_text + _default_of(name))
    for name, help_text in _FLOATS.items():
        flags.DEFINE_float(name, None, help_text + _default_of(name))
    for name, help_text in _NUMBERS.items():
        define_numbers(name, None, help_text + _default_of(name))
    for name, help_text in _BOOLEANS.items():
        flags.DEFINE_boolean(name, None, help_text + _default_of(name))
    for name, (values, help_text) in _ENUMS.items():
        flags.DEFINE_enum(name, None, values, help_text + _default_of(name))


def network_and_training() -> tuple[NetworkConfig, TrainingConfig]:
    """Returns the network and the training of the flags.

    What the dataset decides is not yet known.

    Raises:
        InvalidError: if a value is out of range.
    """
    network, training = _defaults[FLAGS.network]
    return section(
        NetworkConfig,
        defaults=network,
        kind=FLAGS.network,
        num_classes=network.num_classes,
        image_channels=network.image_channels,
    ), section(TrainingConfig, defaults=training)


def _default_of(name: str) -> str:
    """Returns the end of a help text: the default, or one for each kind."""
    values = {kind: _value(name, pair) for kind, pair in _defaults.items()}
    first, *others = values.items()
    text = f" Default: {_text(first[1])}"
    for kind, value in others:
        if value != first[1]:
            text += f"; {_text(value)} for --network={kind}"
    return f"{text}."


def _value(name: str, pair: tuple[NetworkConfig, TrainingConfig]) -> Any:
    return next(getattr(part, name) for part in pair if hasattr(part, name))


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "none"
    return str(value)


_INTEGERS = {
    "num_channels": (
        "Channels of the first group of cells; they double from group to group."
    ),
    "cells_per_group": (
        "Cells of every group; in an ImageNet network the first has one."
    ),
    "num_groups": (
        "Groups of cells; the resolution halves from one to the next."
    ),
    "batch_size": "Images of a step, over all devices.",
    "num_steps": "Steps of one training.",
    "num_repeats": (
        "Trainings of one network; what counts is the mean of their accuracies."
    ),
    "crop_size": (
        "Height and width of the random crops that are trained on, in pixels; "
        "0: those of a picture."
    ),
    "padding": "Pixels of zeros around an image before it is cropped.",
}
_FLOATS = {
    "batch_norm_momentum": "Of the moving averages that evaluation uses.",
    "learning_rate": "At the start; divided by 10 at every decay.",
    "momentum": "Of the SGD.",
    "weight_decay": "Factor of the L2 term inside the gradient of the kernels.",
    "min_area_fraction": (
        "Share of a picture that a resized crop shows at least."
    ),
}
_NUMBERS = {
    "decay_fractions": (
        "Shares of a training after which the learning rate is divided by 10."
    ),
    "rungs": "Shares of a training, besides its end, at which it is evaluated.",
}
_BOOLEANS = {
    "flip": "Whether half of the images are mirrored.",
    "color": "Whether brightness and contrast are changed at random.",
    "optimize_graph": (
        "Whether a network is computed in the way that costs least, which "
        "gives the same to rounding, or operation by operation."
    ),
}
_ENUMS = {
    "motif_width": (
        MOTIF_WIDTHS,
        "Channels of the 1x1 convolution after a level-2 motif: as many as the "
        "cell has, or as the motif's input has.",
    ),
    "batch_norm_statistics": (
        BATCH_NORM_STATISTICS,
        "Where several devices share a batch: whether it is normalized as a "
        "whole, or each device's part.",
    ),
    "augmentation": (
        AUGMENTATIONS,
        "What is trained on: windows of the pictures as they are, or windows "
        "of random area and aspect ratio, resized.",
    ),
    "precision": (
        PRECISIONS,
        "What a network computes in; auto is bfloat16 on a TPU and on GPUs "
        "that have it, else float32.",
    ),
}
