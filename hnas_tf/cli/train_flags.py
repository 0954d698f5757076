"""The flags of `hnas_tf.train`, and the configuration that they make."""

from pathlib import Path

from absl import flags

from hnas_tf.archive import Archive
from hnas_tf.cli import network_flags
from hnas_tf.cli.sections import required, section
from hnas_tf.config import FinalConfig, NetworkConfig, TrainingConfig
from hnas_tf.errors import HnasError
from hnas_tf.genotype import Genotype, load_genotype

# The paper's CIFAR-10 evaluation (Section 4.1), but for a single repeat.
network_flags.define(
    NetworkConfig(num_channels=64, cells_per_group=2),
    TrainingConfig(
        num_steps=80_000, decay_fractions=(0.5, 0.75, 0.875), num_repeats=1
    ),
)
flags.DEFINE_string("workdir", None, "Folder of this training.")
flags.DEFINE_string(
    "genotype",
    None,
    "What is trained: the workdir of a search, whose best individual is "
    "taken, a genotype's JSON file, or a name such as liu2018.",
)
flags.DEFINE_integer(
    "threads", FinalConfig.threads, "CPU threads; by default TensorFlow's."
)


def final_config() -> FinalConfig:
    """Returns the configuration of the training that the flags describe.

    Raises:
        InvalidError: if a value is out of range.
    """
    network, training = network_flags.network_and_training()
    return section(
        FinalConfig,
        network=network,
        training=training,
    )


def genotype() -> Genotype:
    """Returns the genotype that `--genotype` names.

    Raises:
        HnasError: if there is none; says why.
    """
    source = required("genotype")
    if not Path(source).is_dir():
        return load_genotype(source)
    with Archive.open(source) as archive:
        for best in archive.fittest(1):
            return best.genotype
    raise HnasError(
        "Expected a search in which someone has a fitness. "
        f"Received: {source}, where no one has"
    )
