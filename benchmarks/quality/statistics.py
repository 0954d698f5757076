"""Means, differences and their intervals."""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev
from typing import NamedTuple

from scipy import stats

CONFIDENCE = 0.9


class Interval(NamedTuple):
    """A mean, and what it lies between with the stated confidence.

    Attributes:
        mean: In the middle.
        low: The lower end of the two-sided interval.
        high: The upper end.
        bound: What it lies below with that confidence: less than `high`, which
            leaves half of the doubt to the other side.
    """

    mean: float
    low: float
    high: float
    bound: float


def paired(ours: Sequence[float], theirs: Sequence[float]) -> Interval:
    """Returns ours minus theirs, pair by pair (Student's t)."""
    differences = [a - b for a, b in zip(ours, theirs, strict=True)]
    mean, number = fmean(differences), len(differences)
    error = stdev(differences) / sqrt(number)
    two_sided, one_sided = (
        error * float(stats.t.ppf(level, number - 1))
        for level in (0.5 + CONFIDENCE / 2, CONFIDENCE)
    )
    return Interval(mean, mean - two_sided, mean + two_sided, mean + one_sided)


def rate_below(number: int, total: int) -> float:
    """Returns the upper bound of a rate, one-sided (Clopper and Pearson)."""
    test = stats.binomtest(number, total, alternative="less")
    return float(test.proportion_ci(CONFIDENCE).high)


def pooled(groups: Sequence[Sequence[float]]) -> float:
    """Returns the standard deviation within groups of at least two."""
    squares = sum(
        sum((x - fmean(group)) ** 2 for x in group) for group in groups
    )
    return sqrt(squares / sum(len(group) - 1 for group in groups))


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Returns Spearman's."""
    return float(stats.spearmanr(first, second).statistic)
