"""Means, differences and their intervals."""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev
from typing import NamedTuple

from scipy import stats

CONFIDENCE = 0.9


class Interval(NamedTuple):
    """A mean, and what it lies between with the stated confidence."""

    mean: float
    low: float
    high: float


def paired(ours: Sequence[float], theirs: Sequence[float]) -> Interval:
    """Returns ours minus theirs, pair by pair (Student's t)."""
    differences = [a - b for a, b in zip(ours, theirs, strict=True)]
    mean = fmean(differences)
    number = len(differences)
    quantile = float(stats.t.ppf(0.5 + CONFIDENCE / 2, number - 1))
    room = quantile * stdev(differences) / sqrt(number)
    return Interval(mean, mean - room, mean + room)


def pooled(groups: Sequence[Sequence[float]]) -> float:
    """Returns the standard deviation within groups of at least two."""
    squares = sum(
        sum((x - fmean(group)) ** 2 for x in group) for group in groups
    )
    return sqrt(squares / sum(len(group) - 1 for group in groups))


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Returns Spearman's."""
    return float(stats.spearmanr(first, second).statistic)
