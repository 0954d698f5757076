"""The programs that are compiled, by table and name."""

import dataclasses
from collections.abc import Iterator
from typing import NamedTuple

from hnas_tf import load_genotype
from hnas_tf.config import (
    DataConfig,
    EvolutionConfig,
    FinalConfig,
    NetworkConfig,
    SearchConfig,
    TrainingConfig,
)
from hnas_tf.genotype import FLAT, HIERARCHICAL
from hnas_tf.tpu import jobs, samples
from hnas_tf.tpu.generations import GENERATIONS
from hnas_tf.tpu.job import STEPS, TRAINING, Job
from hnas_tf.tpu.pictures import CIFAR10, IMAGENET, described

LIU2018, CANDIDATES, PLAIN = "liu2018", "candidates", "plain"
TABLES = (LIU2018, CANDIDATES, PLAIN)

CIFAR_DATA = DataConfig(dataset=CIFAR10)
IMAGENET_DATA = DataConfig(dataset=IMAGENET)
SPACES = {"hierarchical": HIERARCHICAL, "flat": FLAT}
# Of their recipes in `flags`.
BUDGETS = {
    "hierarchical": EvolutionConfig.max_activation_bytes,
    "flat": 10 * 2**30,
}
# How many random genotypes of each space.
SAMPLES = {"v5e": 20, "v6e": 10}
NUM_PLAIN = 5
# Of a network that is trained for days, and of a comparison, training says all.
STEPS_OF = {LIU2018: (TRAINING,), CANDIDATES: STEPS, PLAIN: (TRAINING,)}


class Question(NamedTuple):
    """A network to compile.

    Attributes:
        table: Where the answer stands.
        name: What the person calls it.
        job: Of one device.
    """

    table: str
    name: str
    job: Job


def questions(table: str) -> Iterator[Question]:
    """Yields those of a table."""
    yield from {LIU2018: _liu2018, CANDIDATES: _candidates, PLAIN: _plain}[
        table
    ]()


def jobs_of(table: str) -> Iterator[tuple[str, Job]]:
    """Yields the programs of a table, and what a person calls them."""
    for question in questions(table):
        for step in STEPS_OF[table]:
            job = dataclasses.replace(question.job, step=step)
            name = f"{table}, {job.tpu_type}, {question.name}, {step}"
            yield name, job


def search_config(space: str) -> SearchConfig:
    """Returns the paper's search in a space."""
    evolution = EvolutionConfig(max_activation_bytes=BUDGETS[space])
    return SearchConfig(
        data=CIFAR_DATA, space=SPACES[space], evolution=evolution
    )


def _liu2018() -> Iterator[Question]:
    genotype = load_genotype("liu2018")
    for tpu_type, generation in GENERATIONS.items():
        alone = generation.devices_per_chip
        yield Question(
            LIU2018,
            "search",
            jobs.search_job(
                genotype,
                search_config("hierarchical"),
                described(CIFAR_DATA, "cifar"),
                tpu_type=tpu_type,
                num_devices=alone,
            ),
        )
        for name, config, num_chips in _trainings():
            job = jobs.final_job(
                genotype,
                config,
                described(config.data, config.network.kind),
                tpu_type=tpu_type,
                num_devices=num_chips * alone,
            )
            yield Question(LIU2018, name, job)


def _trainings() -> Iterator[tuple[str, FinalConfig, int]]:
    """Yields the paper's trainings, and chips that share a batch."""
    for width in (64, 128):
        network = NetworkConfig(num_channels=width, cells_per_group=2)
        training = TrainingConfig(num_steps=80_000, num_repeats=1)
        yield (
            f"CIFAR, {width} channels",
            FinalConfig(data=CIFAR_DATA, network=network, training=training),
            1,
        )
    for num_chips in (8, 32):
        yield (
            f"ImageNet, 64 channels, {num_chips} chips",
            FinalConfig(
                data=IMAGENET_DATA,
                network=NetworkConfig(
                    kind="imagenet",
                    num_channels=64,
                    cells_per_group=2,
                    num_groups=4,
                ),
                training=TrainingConfig(
                    batch_size=1024,
                    num_steps=200_000,
                    num_repeats=1,
                    augmentation="resized_crop",
                    crop_size=0,
                    color=True,
                ),
            ),
            num_chips,
        )


def _candidates() -> Iterator[Question]:
    for tpu_type, number in SAMPLES.items():
        for space in SPACES:
            yield from _drawn(CANDIDATES, space, tpu_type, number)


def _plain() -> Iterator[Question]:
    """Yields the first candidates again, operation by operation in float32."""
    for question in _drawn(PLAIN, "hierarchical", "v5e", NUM_PLAIN):
        job = question.job
        network = dataclasses.replace(job.network, optimize_graph=False)
        training = dataclasses.replace(job.training, precision="float32")
        job = dataclasses.replace(job, network=network, training=training)
        yield question._replace(job=job)


def _drawn(
    table: str, space: str, tpu_type: str, number: int
) -> Iterator[Question]:
    config = search_config(space)
    for place, proposal in enumerate(samples.draw(config, number), 1):
        job = jobs.search_job(
            proposal.genotype,
            config,
            described(CIFAR_DATA, "cifar"),
            tpu_type=tpu_type,
            num_devices=GENERATIONS[tpu_type].devices_per_chip,
        )
        yield Question(table, f"{space} {place}", job)
