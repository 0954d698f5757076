"""What is to be compiled: pure Python."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from hnas_tf.config import NetworkConfig, TrainingConfig
from hnas_tf.config.document import section_from_document
from hnas_tf.genotype import (
    Genotype,
    genotype_from_json,
    genotype_to_json,
)

TRAINING, EVALUATION = "training", "evaluation"
STEPS = (TRAINING, EVALUATION)


@dataclass(frozen=True)
class PictureShape:
    """What a program knows of its pictures.

    Attributes:
        image_size: Height and width.
        num_resident: How many lie on the device; 0 if they are streamed.
    """

    image_size: tuple[int, int]
    num_resident: int


@dataclass(frozen=True)
class Job:
    """A program of one device to compile.

    Attributes:
        genotype: Of the network.
        network: What is around the cells.
        training: How it is trained; all devices share a batch.
        pictures: Of the dataset.
        step: `training` or `evaluation`.
        tpu_type: The generation.
        num_devices: Those that share a batch.
    """

    genotype: Genotype
    network: NetworkConfig
    training: TrainingConfig
    pictures: PictureShape
    step: str = TRAINING
    tpu_type: str = "v5e"
    num_devices: int = 1

    @property
    def batch_size(self) -> int:
        """Pictures of a batch that one device has."""
        return self.training.batch_size // self.num_devices


def job_to_document(job: Job) -> dict[str, Any]:
    """Returns a job as JSON values."""
    return {
        "genotype": genotype_to_json(job.genotype),
        "network": dataclasses.asdict(job.network),
        "training": dataclasses.asdict(job.training),
        "pictures": dataclasses.asdict(job.pictures),
        "step": job.step,
        "tpu_type": job.tpu_type,
        "num_devices": job.num_devices,
    }


def job_from_document(document: dict[str, Any]) -> Job:
    """Returns what `job_to_document` made JSON of."""
    pictures = document["pictures"]
    return Job(
        genotype_from_json(document["genotype"]),
        section_from_document("network", document["network"]),
        section_from_document("training", document["training"]),
        PictureShape(tuple(pictures["image_size"]), pictures["num_resident"]),
        document["step"],
        document["tpu_type"],
        document["num_devices"],
    )
