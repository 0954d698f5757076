"""The flags of `hnas_tf.preflight`: those of what is asked about, and its own.

With `--genotype`, typed or in a flagfile, the question is about the training
of one network, else about a search; each brings its program's flags.
"""

import importlib
from collections.abc import Sequence
from types import ModuleType

from absl import flags

from hnas_tf.cli.sections import FLAGS, define_numbers, section
from hnas_tf.config import PreflightConfig

# As one who has no pictures yet would ask.
_DATASETS = {"cifar": "tfds:cifar10", "imagenet": "tfds:imagenet2012"}
_OF_A_SEARCH = ("num_samples", "saved_fraction")


def asks_of_one(argv: Sequence[str]) -> bool:
    """Returns whether the question that was typed is about one network."""
    try:
        typed = FLAGS.read_flags_from_files(list(argv))
    except (flags.Error, UnicodeDecodeError):
        typed = list(argv)  # Whoever parses the flags says what is wrong.
    names = {
        word.lstrip("-").partition("=")[0]
        for word in typed
        if word.startswith("-")
    }
    return "genotype" in names


def define(*, is_of_one: bool) -> ModuleType:
    """Defines the flags; returns the module of those of what is asked about.

    To be called once, and before flags are parsed: those of a training and of
    a search clash.
    """
    name = "train_flags" if is_of_one else "search_flags"
    subject = importlib.import_module(f"hnas_tf.cli.{name}")
    FLAGS.set_default("dataset", None)
    FLAGS["dataset"].help += " Default: CIFAR-10, or ImageNet."
    flags.DEFINE_string(
        "tpu_type",
        PreflightConfig.tpu_type,
        "Generation of the TPU: v2, v3, v4, v5e, v5p or v6e.",
    )
    flags.DEFINE_integer(
        "num_chips",
        PreflightConfig.num_chips,
        "Chips of the TPU: those that share a batch of one network, or all "
        "that a search has.",
    )
    flags.DEFINE_float(
        "price_per_chip_hour",
        PreflightConfig.price_per_chip_hour,
        "What a chip costs an hour, in any currency.",
    )
    flags.DEFINE_float(
        "compile_timeout_seconds",
        PreflightConfig.compile_timeout_seconds,
        "After which a compile is given up.",
    )
    flags.DEFINE_boolean("json", False, "Print JSON, for programs.")
    if not is_of_one:
        _define_those_of_a_search()
    return subject


def _define_those_of_a_search() -> None:
    flags.DEFINE_integer(
        "num_samples",
        PreflightConfig.num_samples,
        "Random genotypes that stand for those of a search.",
    )
    define_numbers(
        "saved_fraction",
        PreflightConfig.saved_fraction,
        "Shares of a search's candidates that are neither compiled nor "
        "trained, since equal networks were before.",
    )


def choose_dataset() -> None:
    """Sets `--dataset`, if it was not given, to the network's."""
    if FLAGS["dataset"].value is None:
        FLAGS["dataset"].value = _DATASETS[FLAGS["network"].value]


def preflight_config() -> PreflightConfig:
    """Returns the question of the flags.

    Raises:
        InvalidError: if a value is out of range.
    """
    given = {
        name: getattr(PreflightConfig, name)
        for name in _OF_A_SEARCH
        if name not in FLAGS
    }
    asked: PreflightConfig = section(PreflightConfig, **given)
    return asked
