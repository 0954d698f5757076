"""All individuals as columns: what a page knows of each."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from hnas_tf.archive import Settled
from hnas_tf.evolution import Individual
from hnas_tf.reporting.report.attempts import Attempt
from hnas_tf.reporting.report.genotypes import code_of, packed

_DIGITS = 5  # More would not be seen, and makes the page longer.

Columns = dict[str, list[Any]]


def columns(
    individuals: Sequence[Individual],
    settled: Sequence[Settled],
    attempts: Sequence[Attempt],
    since: float,
) -> Columns:
    """Returns lists of JSON values with a place for every individual.

    Args:
        individuals: All, in the order of their numbers, which begin at 1.
        settled: Those that have a fitness or failed, in the order in which
            they were.
        attempts: All that have ended.
        since: When the search began, in seconds since the epoch.
    """
    places = {one.number: place for place, one in enumerate(settled, start=1)}
    times = {one.number: (one.time - since) / 3600 for one in settled}
    tried = defaultdict[int, list[Attempt]](list)
    for attempt in attempts:
        tried[attempt.individual].append(attempt)
    depths = depths_of(individuals)
    digests = {one.number: one.digest for one in individuals}
    rows = [
        {
            **_of_itself(one),
            "depth": depths[one.number],
            "is_neutral": int(
                bool(one.digest) and one.digest == digests.get(one.parent or 0)
            ),
            "order": places.get(one.number),
            "hours": _short(times.get(one.number)),
            **_of_its_attempts(tried[one.number]),
        }
        for one in individuals
    ]
    return {name: [row[name] for row in rows] for name in _names(rows)}


def depths_of(individuals: Sequence[Individual]) -> dict[int, int]:
    """Returns how many mutations lead to each individual from a first one."""
    depths: dict[int, int] = {}
    for one in individuals:
        # A parent is older, or the archive is damaged.
        depths[one.number] = depths.get(one.parent or 0, -1) + 1
    return depths


def _names(rows: Sequence[dict[str, Any]]) -> Sequence[str]:
    return list(rows[0]) if rows else []


def _of_itself(one: Individual) -> dict[str, Any]:
    return {
        "genotype": packed(one.genotype),
        "state": str(one.state),
        "fitness": _short(one.fitness),
        "error": _short(one.standard_error),
        "share": _short(one.share),
        "parameters": one.cost.parameters,
        "multiply_adds": one.cost.multiply_adds,
        "parent": one.parent,
        "is_given": int(one.is_given),
        "mutation": _mutation(one),
        "equal_to": one.equal_to,
    }


def _mutation(one: Individual) -> list[int] | None:
    """Returns level, motif, source, target and what the edge carries."""
    if one.mutation is None:
        return None
    level, motif, target, source, operation = one.mutation
    return [level, motif, source, target, code_of(operation)]


def _of_its_attempts(attempts: Sequence[Attempt]) -> dict[str, Any]:
    last = attempts[-1] if attempts else None
    return {
        "attempts": len(attempts),
        "seconds": _short(sum(a.seconds for a in attempts)) if last else None,
        "parts": {n: _short(s) for n, s in last.parts.items()} if last else {},
        "accuracies": [_short(a) for a in last.accuracies] if last else [],
    }


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")
