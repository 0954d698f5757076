"""From what a person would type to the programs that it leads to."""

from hnas_tf.config import (
    DataConfig,
    FinalConfig,
    NetworkConfig,
    SearchConfig,
    TrainingConfig,
)
from hnas_tf.data import Description, fitted
from hnas_tf.errors import require
from hnas_tf.genotype import Genotype
from hnas_tf.tpu.job import Job, PictureShape

MAX_RESIDENT_BYTES = 2**32
"""As a final training keeps them on the device."""


def final_job(
    genotype: Genotype,
    config: FinalConfig,
    description: Description,
    *,
    tpu_type: str,
    num_devices: int,
) -> Job:
    """Returns what each device of a final training runs.

    Args:
        genotype: Of the network.
        config: Of the training.
        description: Of its dataset.
        tpu_type: The generation.
        num_devices: How many share a batch.

    Raises:
        InvalidError: if they cannot share it evenly, or crops do not fit.
    """
    train, validation = num_examples(config.data, description)
    takes_all = config.train_on_validation
    if takes_all is None:
        takes_all = "test" in description.num_examples
    number = train + validation if takes_all else train
    height, width = description.image_size
    size = number * height * width * description.image_channels
    is_resident = config.training.augmentation == "crop"
    if size > MAX_RESIDENT_BYTES or not is_resident:
        number = 0
    return _job(
        genotype,
        config.network,
        config.training,
        description,
        number,
        tpu_type,
        num_devices,
    )


def search_job(
    genotype: Genotype,
    config: SearchConfig,
    description: Description,
    *,
    tpu_type: str,
    num_devices: int,
) -> Job:
    """Returns what each device of a candidate runs; else as `final_job`."""
    train, _ = num_examples(config.data, description)
    return _job(
        genotype,
        config.network,
        config.training,
        description,
        train,
        tpu_type,
        num_devices,
    )


def num_examples(data: DataConfig, description: Description) -> tuple[int, int]:
    """Returns how many pictures there are to train and to validate on."""
    counts = description.num_examples
    if "validation" in counts:
        return counts["train"], counts["validation"]
    validation = round(counts["train"] * data.validation_fraction)
    return counts["train"] - validation, validation


def _job(
    genotype: Genotype,
    network: NetworkConfig,
    training: TrainingConfig,
    description: Description,
    num_resident: int,
    tpu_type: str,
    num_devices: int,
) -> Job:
    network, training = fitted(network, training, description)
    require(
        training.batch_size % num_devices == 0,
        "batch_size",
        f"be a multiple of {num_devices}, the number of devices",
        training.batch_size,
    )
    return Job(
        genotype,
        network,
        training,
        PictureShape(description.image_size, num_resident),
        tpu_type=tpu_type,
        num_devices=num_devices,
    )
