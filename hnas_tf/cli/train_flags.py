"""The flags of `hnas_tf.train`, and the configuration that they make."""

from absl import flags

from hnas_tf.cli import data_flags, device_flags, network_flags
from hnas_tf.cli.genotype_sources import genotypes_of
from hnas_tf.cli.sections import define_numbers, required, section
from hnas_tf.config import (
    DevicesConfig,
    FinalConfig,
    NetworkConfig,
    TrainingConfig,
)
from hnas_tf.genotype import Genotype

# The paper's evaluation networks (Section 4.1), but for a single repeat.
network_flags.define(
    {
        "cifar": (
            NetworkConfig(num_channels=64, cells_per_group=2),
            TrainingConfig(
                num_steps=80_000,
                decay_fractions=(0.5, 0.75, 0.875),
                num_repeats=1,
            ),
        ),
        "imagenet": (
            NetworkConfig(num_channels=64, cells_per_group=2, num_groups=4),
            TrainingConfig(
                batch_size=1024,
                num_steps=200_000,
                decay_fractions=(0.5, 0.75, 0.875),
                weight_decay=1e-4,
                num_repeats=1,
                augmentation="resized_crop",
                crop_size=0,
                color=True,
            ),
        ),
    }
)
_IMAGE_SIZE = "image_size"

data_flags.define(image_size=_IMAGE_SIZE)
device_flags.define()
flags.DEFINE_string("workdir", None, "Folder of this training; may be gs://.")
flags.DEFINE_string(
    "genotype",
    None,
    "What is trained: the workdir of a search, whose best individual is "
    "taken, or with #17 at its end individual 17, a genotype's JSON file, or a "
    "name such as liu2018.",
)
flags.DEFINE_boolean(
    "train_on_validation",
    FinalConfig.train_on_validation,
    "Whether the validation split is trained on too, as in the paper, or held "
    "out and shown. By default it is, where there is a test split.",
)
flags.DEFINE_integer(
    "checkpoint_steps",
    FinalConfig.checkpoint_steps,
    "Steps from one checkpoint to the next.",
)
flags.DEFINE_integer(
    "max_checkpoints",
    FinalConfig.max_checkpoints,
    "How many of the latest checkpoints are kept.",
)
define_numbers(
    "profile_steps",
    FinalConfig.profile_steps,
    "The first and the last step of which a profile for TensorBoard is written "
    "(pip install tensorboard-plugin-profile), with a comma between them.",
    number=int,
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
        data=data_flags.data_config(image_size=_IMAGE_SIZE),
        devices=section(DevicesConfig),
        network=network,
        training=training,
    )


def genotype() -> Genotype:
    """Returns the genotype that `--genotype` names.

    Raises:
        HnasError: if there is none; says why.
    """
    return genotypes_of(required("genotype"), limit=1)[0]
