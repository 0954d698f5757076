"""How much of what the machine can do at most a training uses.

Two bounds, both simple. Arithmetic: a step multiplies and adds three times as
much as a forward pass does, for the outputs and for two gradients, so that an
image takes 6 operations for each of its multiply-adds. Memory: every output
that is kept for the gradient is written and read once forwards, read once more
backwards, and its gradient is written and read: five times its bytes, of the
plan that is computed, without concatenations.
"""

from statistics import median

from benchmarks.candidates.contenders import OURS
from benchmarks.candidates.genotypes import named_genotypes, network_config
from benchmarks.candidates.outcome import Outcome, training
from benchmarks.candidates.results import ERROR
from benchmarks.candidates.workload import Workload
from hnas_tf.plan import Cost, make_plan, normalize, plan_cost

OPERATIONS_PER_MULTIPLY_ADD = 6
TIMES_MOVED = 5


def costs(workload: Workload) -> dict[str, Cost]:
    """Returns what one image of a step costs, of every candidate."""
    size = (workload.crop_size, workload.crop_size)
    config = network_config(workload)
    return {
        name: plan_cost(normalize(make_plan(genotype, config)), image_size=size)
        for name, genotype in named_genotypes().items()
    }


def peak(outcome: Outcome, name: str) -> float | None:
    """Returns a peak of the machine, the median of the rounds."""
    found = [one[name] for one in outcome.peaks if ERROR not in one]
    return median(found) if found else None


def arithmetic_share(
    outcome: Outcome, genotype: str, cost: Cost
) -> float | None:
    """Returns our share of the operations a second that are possible."""
    return _share(
        outcome,
        genotype,
        OPERATIONS_PER_MULTIPLY_ADD * cost.multiply_adds,
        "flops_per_second",
    )


def memory_share(outcome: Outcome, genotype: str, cost: Cost) -> float | None:
    """Returns our share of the bytes a second that can be moved."""
    return _share(
        outcome,
        genotype,
        TIMES_MOVED * cost.activation_bytes,
        "bytes_per_second",
    )


def _share(
    outcome: Outcome, genotype: str, per_image: int, name: str
) -> float | None:
    most = peak(outcome, name)
    rate = outcome.spread(OURS, genotype, training)
    return per_image * rate.median / most if most and rate else None
