"""What evolution likes: how often live edges carry what, as time goes on."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from hnas_tf.evolution import Individual
from hnas_tf.genotype import Genotype, Operation, live_edges

_NUM_WINDOWS, _LEAST_WINDOW = 20, 10


def preferences(individuals: Sequence[Individual]) -> list[dict[str, Any]]:
    """Returns the shares of operations of every level, from below.

    Each has the `level`, the middles of its windows of individuals
    (`numbers`), and for each of its `operations`, a primitive's name or a
    motif's number, the share of the live edges that carry it in each window
    (`shares`), and in random genotypes (`at_random`; `None` without any).
    """
    if not individuals:
        return []
    size = max(_LEAST_WINDOW, -(-len(individuals) // _NUM_WINDOWS))
    windows = [
        individuals[start : start + size]
        for start in range(0, len(individuals), size)
    ]
    at_random = [o for o in individuals if o.parent is None and not o.is_given]
    levels = range(2, individuals[0].genotype.num_levels + 1)
    return [
        {
            "level": level,
            "numbers": [(w[0].number + w[-1].number) / 2 for w in windows],
            **_shares(level, windows, at_random),
        }
        for level in levels
    ]


def _shares(
    level: int,
    windows: Sequence[Sequence[Individual]],
    at_random: Sequence[Individual],
) -> dict[str, Any]:
    operations = windows[0][0].genotype.operations(level)[1:]
    counts = [carried(level, (o.genotype for o in w)) for w in windows]
    reference = carried(level, (one.genotype for one in at_random))
    return {
        "operations": [str(operation) for operation in operations],
        "shares": [[_share(c, o) for c in counts] for o in operations],
        "at_random": [_share(reference, o) for o in operations],
    }


def carried(level: int, genotypes: Iterable[Genotype]) -> Counter[Operation]:
    """Returns how many live edges of a level carry each operation."""
    return Counter(
        edge.operation
        for genotype in genotypes
        for edges in live_edges(genotype)[level - 2]
        for edge in edges
    )


def _share(counts: Counter[Operation], operation: Operation) -> float | None:
    total = counts.total()
    return round(counts[operation] / total, 4) if total else None
