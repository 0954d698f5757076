"""What evolution likes: how often live edges carry what, as time goes on."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from hnas_tf.evolution import Individual
from hnas_tf.genotype import Operation, live_edges
from hnas_tf.genotype.liveness import LiveGenotype

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
    starts = range(0, len(individuals), size)
    windows = [individuals[start : start + size] for start in starts]
    live = [live_edges(one.genotype) for one in individuals]
    live_of_windows = [live[start : start + size] for start in starts]
    at_random = [
        its
        for one, its in zip(individuals, live, strict=True)
        if one.parent is None and not one.is_given
    ]
    genotype = individuals[0].genotype
    return [
        {
            "level": level,
            "numbers": [(w[0].number + w[-1].number) / 2 for w in windows],
            **_shares(
                level,
                genotype.operations(level)[1:],
                live_of_windows,
                at_random,
            ),
        }
        for level in range(2, genotype.num_levels + 1)
    ]


def _shares(
    level: int,
    operations: Sequence[Operation],
    windows: Sequence[Sequence[LiveGenotype]],
    at_random: Sequence[LiveGenotype],
) -> dict[str, Any]:
    counts = [carried(level, window) for window in windows]
    reference = carried(level, at_random)
    return {
        "operations": [str(operation) for operation in operations],
        "shares": [[_share(c, o) for c in counts] for o in operations],
        "at_random": [_share(reference, o) for o in operations],
    }


def carried(level: int, live: Iterable[LiveGenotype]) -> Counter[Operation]:
    """Returns how many live edges of a level carry each operation."""
    return Counter(
        edge.operation
        for levels in live
        for edges in levels[level - 2]
        for edge in edges
    )


def _share(counts: Counter[Operation], operation: Operation) -> float | None:
    total = counts.total()
    return round(counts[operation] / total, 4) if total else None
