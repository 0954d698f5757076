"""A benchmark of seconds: contenders without a choice, tiny networks."""

import dataclasses

from benchmarks.candidate import parse
from benchmarks.candidates.contenders import FIT, OURS, all_contenders
from benchmarks.candidates.workload import Workload

GENOTYPE = "hierarchical_9"
WORKLOAD = Workload(
    num_channels=2,
    num_groups=2,
    image_size=10,
    crop_size=8,
    batch_size=8,
    num_training_batches=2,
    num_evaluation_batches=1,
    first_steps=2,
    min_steps=1,
    min_seconds=0.0,
    min_evaluation_seconds=0.0,
)


def options(path, *arguments):
    """Returns those of one round on one genotype."""
    return parse(
        [f"--out={path}", f"--genotypes={GENOTYPE}", "--rounds=1", *arguments]
    )


def contender(name, /, **changes):
    """Returns a contender as on a machine of one core."""
    (found,) = (
        one for one in all_contenders([0], torch_python="") if one.name == name
    )
    return dataclasses.replace(found, **changes)


def ours_and_fit():
    return [contender(OURS), contender(FIT)]
