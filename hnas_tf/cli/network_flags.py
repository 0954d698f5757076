"""The flags of a network and of a training, for every program that trains."""

from absl import flags

from hnas_tf.cli.sections import FLAGS, define_numbers, section
from hnas_tf.config import MOTIF_WIDTHS, NetworkConfig, TrainingConfig
from hnas_tf.data import describe, require_fit
from hnas_tf.data.description import DESCRIPTIONS


def define(network: NetworkConfig, training: TrainingConfig) -> None:
    """Defines the flags, with the given configurations as defaults."""
    flags.DEFINE_enum(
        "dataset", "digits", sorted(DESCRIPTIONS), "What is trained on."
    )
    flags.DEFINE_integer("seed", 0, "Of everything random.")
    _define_network(network)
    _define_training(training)
    _define_augmentation(training)


def network_and_training() -> tuple[NetworkConfig, TrainingConfig]:
    """Returns the network and the training of the flags, for the dataset.

    Raises:
        InvalidError: if a value is out of range, or does not suit the dataset.
    """
    description = describe(FLAGS.dataset)
    network = section(
        NetworkConfig,
        num_classes=len(description.class_names),
        image_channels=description.image_channels,
    )
    training = section(TrainingConfig)
    require_fit(description, network, training)
    return network, training


def _define_network(defaults: NetworkConfig) -> None:
    flags.DEFINE_integer(
        "num_channels",
        defaults.num_channels,
        "Channels of the first group of cells; they double from group to "
        "group.",
    )
    flags.DEFINE_integer(
        "cells_per_group", defaults.cells_per_group, "Cells of every group."
    )
    flags.DEFINE_integer(
        "num_groups",
        defaults.num_groups,
        "Groups of cells; the resolution halves from one to the next.",
    )
    flags.DEFINE_enum(
        "motif_width",
        defaults.motif_width,
        MOTIF_WIDTHS,
        "Channels of the 1x1 convolution after a level-2 motif: as many as "
        "the cell has, or as the motif's input has.",
    )
    flags.DEFINE_float(
        "batch_norm_momentum",
        defaults.batch_norm_momentum,
        "Of the moving averages that evaluation uses.",
    )


def _define_training(defaults: TrainingConfig) -> None:
    flags.DEFINE_integer("batch_size", defaults.batch_size, "Images of a step.")
    flags.DEFINE_integer(
        "num_steps", defaults.num_steps, "Steps of one training."
    )
    flags.DEFINE_float(
        "learning_rate",
        defaults.learning_rate,
        "At the start; divided by 10 at every decay.",
    )
    define_numbers(
        "decay_fractions",
        defaults.decay_fractions,
        "Shares of a training after which the learning rate is divided by 10.",
    )
    flags.DEFINE_float("momentum", defaults.momentum, "Of the SGD.")
    flags.DEFINE_float(
        "weight_decay",
        defaults.weight_decay,
        "Factor of the L2 term inside the gradient of the kernels.",
    )
    flags.DEFINE_integer(
        "num_repeats",
        defaults.num_repeats,
        "Trainings of one network; what counts is the mean of their "
        "accuracies.",
    )
    define_numbers(
        "rungs",
        defaults.rungs,
        "Shares of a training, besides its end, at which it is evaluated.",
    )


def _define_augmentation(defaults: TrainingConfig) -> None:
    flags.DEFINE_integer(
        "crop_size",
        defaults.crop_size,
        "Height and width of the random crops that are trained on, in pixels.",
    )
    flags.DEFINE_integer(
        "padding",
        defaults.padding,
        "Pixels of zeros around an image before it is cropped.",
    )
    flags.DEFINE_boolean(
        "flip", defaults.flip, "Whether half of the images are mirrored."
    )
