"""What the table says of noise, of time, and of early accuracies."""

from collections.abc import Iterable
from math import inf, sqrt
from statistics import fmean, median, stdev
from typing import NamedTuple

from benchmarks.quality.budget import Budget
from benchmarks.quality.experiment import Found
from benchmarks.quality.statistics import pooled, rank_correlation
from benchmarks.quality.table import Table, Training, trainings_of


class Spread(NamedTuple):
    """How candidates differ, and how their repeats do.

    Attributes:
        number: Of random networks.
        of_fitness: The standard deviation of their mean accuracies, in which
            that of the noise is contained.
        of_noise: That of such a mean, from the spread of its repeats.
    """

    number: int
    of_fitness: float
    of_noise: float

    @property
    def ratio(self) -> float:
        """How many times its noise the fitness spreads."""
        return self.of_fitness / self.of_noise

    @property
    def without_noise(self) -> float:
        """The standard deviation that the true means have."""
        return sqrt(max(0.0, self.of_fitness**2 - self.of_noise**2))


def spread_of_random(
    table: Table, digests: Iterable[str], budget: Budget
) -> Spread:
    """Returns it over all of them that were trained as often as one can be."""
    groups = [
        group
        for digest in sorted(set(digests))
        if len(group := final_accuracies(table, digest, budget))
        == budget.num_repeats
    ]
    noise = pooled(groups) / budget.num_repeats**0.5
    return Spread(len(groups), stdev(map(fmean, groups)), noise)


def final_accuracies(table: Table, digest: str, budget: Budget) -> list[float]:
    """Returns those of all repeats that are known."""
    return _ends(table, trainings_of(digest, "validation", budget.num_repeats))


def noise_of_tests(
    table: Table, digests: Iterable[str], budget: Budget
) -> float:
    """Returns the standard deviation of the test accuracy of one training."""
    return pooled(
        [
            _ends(table, trainings_of(digest, "test", budget.num_tests))
            for digest in set(digests)
        ]
    )


def _ends(table: Table, trainings: Iterable[Training]) -> list[float]:
    """Returns what those trainings reached in the end that are known."""
    return [found[1.0] for one in trainings if (found := table.get(one))]


def steps_to_equal(saving: Found, plain: Found) -> tuple[float, float]:
    """Returns the steps after which two searches have the second's fitness.

    The first one's are infinite if it never has.
    """
    *_, (own, _, wanted, _) = plain["changes"]
    reached = (
        steps
        for steps, share, fitness, _ in saving["changes"]
        if share == 1 and fitness >= wanted
    )
    return next(reached, inf), own


class Correlation(NamedTuple):
    """How the ranks of a first repeat agree with those of the others.

    Attributes:
        number: Of networks.
        by_share: Of the first training, Spearman's correlation.
    """

    number: int
    by_share: dict[float, float]


def correlations(
    table: Table,
    digests: Iterable[str],
    budget: Budget,
    *,
    better_half: bool = False,
) -> Correlation:
    """Returns it for those that were trained as often as one can be.

    Args:
        table: Of trainings.
        digests: Of networks.
        budget: Of every search.
        better_half: Of these alone, by the mean of all repeats but the first,
            which is what their first one is held against.
    """
    pairs = []
    for digest in sorted(set(digests)):
        reached = final_accuracies(table, digest, budget)
        first = table.get(Training(digest, "validation", 1))
        if first and len(reached) == budget.num_repeats:
            pairs.append((fmean(reached[1:]), first))
    if better_half:
        middle = median(later for later, _ in pairs)
        pairs = [pair for pair in pairs if pair[0] >= middle]
    later = [one for one, _ in pairs]
    return Correlation(
        len(pairs),
        {
            share: rank_correlation([first[share] for _, first in pairs], later)
            for share in budget.shares
        },
    )


def seconds_of(
    table: Table, search: Found, budget: Budget, *, fraction: float = 1.0
) -> float:
    """Returns what a search's trainings take one core, known or not.

    Args:
        table: Of trainings.
        search: What it came to.
        budget: Of every search.
        fraction: Of the steps, within which those have ended that count.
    """
    trainings, total, num_steps = table.trainings(), 0.0, 0.0
    for digest, equal_to, share, num_repeats in search["history"]:
        if equal_to is not None:
            continue
        num_steps += share * num_repeats * budget.num_steps
        if num_steps > fraction * budget.total_steps:
            break
        found = [
            trainings[one]
            for one in trainings_of(digest, "validation", num_repeats)
        ]
        total += found[0].building
        total += share * sum(one.training for one in found)
    return total
