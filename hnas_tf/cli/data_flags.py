"""The flags of a dataset, for every program that reads one."""

from collections.abc import Callable
from typing import Any

from absl import flags

from hnas_tf.cli.sections import FLAGS, section
from hnas_tf.config import BAD_IMAGES, DataConfig


def define(*, image_size: str) -> None:
    """Defines the flags; `image_size` names the one of the pictures' size."""
    _define(lambda name: getattr(DataConfig, name), "")
    flags.DEFINE_integer(
        image_size,
        DataConfig.image_size,
        "Height and width to which pictures are resized. By default pictures "
        "of one size stay as they are, others become 32 pixels large, or 299 "
        "for a network of the ImageNet type.",
    )


def define_optional() -> None:
    """Defines the flags of a program whose network was trained on a dataset.

    They have no defaults, so that it shows which are given. Of the pictures'
    size there is none: it is the network's.
    """
    _define(lambda name: None, " Default: as in the training.")


def _define(default: Callable[[str], Any], ending: str) -> None:
    """Defines all but the pictures' size.

    Args:
        default: Name -> default value.
        ending: Of every help text.
    """
    for name, help_text in _STRINGS.items():
        flags.DEFINE_string(name, default(name), help_text + ending)
    flags.DEFINE_float(
        "validation_fraction",
        default("validation_fraction"),
        "Share of the training split that becomes the validation split, where "
        f"the dataset brings none.{ending}",
    )
    flags.DEFINE_integer(
        "split_seed",
        default("split_seed"),
        f"Of who that share is.{ending}",
    )
    flags.DEFINE_enum(
        "bad_images",
        default("bad_images"),
        BAD_IMAGES,
        "Whether pictures that cannot be read are left out, or end the "
        f"program; they are named and counted in any case.{ending}",
    )


def data_config(*, image_size: str) -> DataConfig:
    """Returns the dataset of the flags.

    Raises:
        InvalidError: if a value is out of range.
    """
    return section(
        DataConfig,
        image_size=FLAGS[image_size].value,
        prepared_dir="",
        fingerprint="",
    )


def data_config_of(trained_on: DataConfig) -> DataConfig:
    """Returns the dataset of the flags that have no defaults.

    Args:
        trained_on: Says what the flags do not.

    Raises:
        InvalidError: if a value is out of range.
    """
    return section(
        DataConfig,
        defaults=trained_on,
        image_size=None,
        prepared_dir="",
        fingerprint="",
    )


_STRINGS = {
    "dataset": (
        "Which pictures: digits, tfds:NAME (TensorFlow Datasets), folder:PATH "
        "(PATH/{train,validation,test}/LABEL/*.jpg or png) or npz:PATH "
        "(arrays x_train, y_train, x_test, y_test)."
    ),
    "data_dir": (
        "Where TensorFlow Datasets keeps what it has prepared; may be gs://."
    ),
    "manual_dir": "Where archives lie that cannot be downloaded.",
}
