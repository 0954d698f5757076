"""The candidates: random ones as a search draws them, and the paper's."""

from collections.abc import Iterator
from itertools import count, islice
from random import Random

from benchmarks.candidates.workload import Workload
from hnas_tf import load_genotype
from hnas_tf.config import EvolutionConfig, NetworkConfig
from hnas_tf.evolution.initialization import random_genotype
from hnas_tf.genotype import (
    FLAT,
    HIERARCHICAL,
    PRIMITIVES,
    Genotype,
    Motif,
    SearchSpace,
    can_be_assembled,
)
from hnas_tf.plan import make_plan, plan_cost

NUM_HIERARCHICAL = 10
NUM_FLAT = 5
MAX_PARAMETERS = 1_500_000
"""Of a flat genotype, which else may be ten times as large as the others."""

MAX_ACTIVATION_BYTES = EvolutionConfig().max_activation_bytes or 0
"""A search's own limit: it would draw the genotype again."""

CALIBRATION = "hierarchical_1"
"""The genotype that decides how many processes and threads one gets."""

COMPILED = ("hierarchical_1", "hierarchical_2", "liu2018")
"""Those that PyTorch also compiles, which takes minutes each."""

_FIRST = tuple(PRIMITIVES)
# Every primitive once: a process that trained it has loaded what it needs.
WARM_UP = Genotype(((Motif((_FIRST[:1], _FIRST[1:3], _FIRST[3:6])),),))


def named_genotypes() -> dict[str, Genotype]:
    """Returns all candidates by name; equal names are equal genotypes."""
    named = {}
    for name, space, number in (
        ("hierarchical", HIERARCHICAL, NUM_HIERARCHICAL),
        ("flat", FLAT, NUM_FLAT),
    ):
        for place, genotype in enumerate(islice(_drawn(space), number), 1):
            named[f"{name}_{place}"] = genotype
    return {**named, "liu2018": load_genotype("liu2018")}


def network_config(workload: Workload) -> NetworkConfig:
    return NetworkConfig(
        num_channels=workload.num_channels, num_groups=workload.num_groups
    )


def _drawn(space: SearchSpace) -> Iterator[Genotype]:
    """Yields random genotypes that are within the limits, seed after seed."""
    for seed in count(1):
        genotype = random_genotype(space, Random(seed))
        if can_be_assembled(genotype) and _is_affordable(genotype):
            yield genotype


def _is_affordable(genotype: Genotype) -> bool:
    workload = Workload()
    size = (workload.crop_size, workload.crop_size)
    cost = plan_cost(
        make_plan(genotype, network_config(workload)),
        image_size=size,
        batch_size=workload.batch_size,
    )
    return (
        cost.parameters <= MAX_PARAMETERS
        and cost.activation_bytes <= MAX_ACTIVATION_BYTES
    )
