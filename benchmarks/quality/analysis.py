"""What the table says of noise, and of what savings cost."""

from collections.abc import Iterable, Sequence
from math import sqrt
from statistics import fmean, stdev
from typing import Any, NamedTuple

from benchmarks.quality.budget import Budget
from benchmarks.quality.statistics import pooled, rank_correlation
from benchmarks.quality.table import Table, Training, trainings_of
from hnas_tf.evolution import Referee, Told
from hnas_tf.plan import Cost

Found = dict[str, Any]


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


def steps_to_equal(saving: Found, plain: Found) -> float | None:
    """Returns the steps after which a search has the other one's fitness.

    `None` if it never has.
    """
    *_, (_, _, wanted, _) = plain["changes"]
    return next(
        (
            steps
            for steps, share, fitness, _ in saving["changes"]
            if share == 1 and fitness >= wanted
        ),
        None,
    )


def correlations(
    table: Table, digests: Iterable[str], budget: Budget
) -> dict[float, float]:
    """Returns, by share, how the ranks of a repeat agree with the others'.

    Those of the first repeat with those of the mean of all later ones, which
    do not contain it. Of networks that were trained as often as one can be.
    """
    early: dict[float, list[float]] = {share: [] for share in budget.shares}
    later = []
    for digest in sorted(set(digests)):
        reached = final_accuracies(table, digest, budget)
        first = table.get(Training(digest, "validation", 1))
        if first and len(reached) == budget.num_repeats:
            later.append(fmean(reached[1:]))
            for share in budget.shares:
                early[share].append(first[share])
    return {s: rank_correlation(e, later) for s, e in early.items()}


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


class Replayed(NamedTuple):
    """What a rule would have done to searches that trained everyone fully.

    Attributes:
        number: Of searches.
        num_winners_stopped: How often it would have stopped the winner, or
            trained it less often than others.
        num_others_won: How often another network would have won.
        saved: The share of the trained steps.
    """

    number: int
    num_winners_stopped: int
    num_others_won: int
    saved: float


def replay(
    table: Table, searches: Sequence[Found], budget: Budget, **savings: bool
) -> Replayed:
    """Asks the referee what it would have said, had it been asked."""
    stopped = other = 0
    trained = total = 0.0
    for search in searches:
        referee = Referee(
            budget.search("hierarchical", "evolution", 0, **savings)
        )
        judged = [
            _judged(table, number, digest, referee, budget)
            for number, (digest, *_) in enumerate(search["history"], start=1)
        ]
        full = [
            fmean(final_accuracies(table, digest, budget))
            for digest, *_ in search["history"]
        ]
        winner = max(range(len(full)), key=lambda i: (full[i], -i))
        now = max(range(len(judged)), key=lambda i: (judged[i][:2], -i))
        share, _, num_repeats = judged[winner]
        stopped += share < 1 or num_repeats < budget.num_repeats
        digests = [digest for digest, *_ in search["history"]]
        other += digests[now] != digests[winner]
        trained += sum(steps for *_, steps in judged)
        total += len(judged) * budget.num_repeats
    number = len(searches)
    return Replayed(number, stopped, other, 1 - trained / total)


def _judged(
    table: Table, number: int, digest: str, referee: Referee, budget: Budget
) -> tuple[float, float, float]:
    """Returns share, fitness, and the repeats that it took."""
    whole: list[float] = []
    for repeat in range(1, budget.num_repeats + 1):
        reached = table.get(Training(digest, "validation", repeat)) or {}
        for share in budget.shares:
            if not referee.is_asked(repeat, share):
                continue
            so_far = [*whole, reached[share]]
            if not referee.goes_on(share, so_far):
                if share == 1:
                    whole.append(reached[share])
                return _settled(referee, number, share, whole, reached)
        whole.append(reached[1.0])
    return _settled(referee, number, 1.0, whole, {})


def _settled(
    referee: Referee,
    number: int,
    share: float,
    whole: list[float],
    reached: Any,
) -> tuple[float, float, float]:
    fitness = fmean(whole) if share == 1 else reached[share]
    referee.tell(Told(number, fitness, share, Cost(0, 0, 0)))
    if share == 1:
        referee.learn_spread(whole)
    return share, fitness, len(whole) if share == 1 else share
