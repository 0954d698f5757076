"""What savings would have done to searches that trained everyone fully.

The rules are asked afterwards, in the order of the search. Parents would have
been others: what a real search with savings does, its own rows say.
"""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

from benchmarks.quality.analysis import final_accuracies
from benchmarks.quality.budget import Budget
from benchmarks.quality.experiment import Found, Search
from benchmarks.quality.rows import ROWS
from benchmarks.quality.table import Accuracies, Table, Training
from hnas_tf.evolution import Referee, Told
from hnas_tf.plan import Cost


class Replayed(NamedTuple):
    """What a rule would have done.

    Attributes:
        number: Of searches.
        num_winners_stopped: How often it would have stopped the winner, or
            trained it less often than others.
        num_others_won: How often another network would have won.
        lost: Fitness of the winner less that of who would have won, both after
            all repeats, on the mean.
        saved: The share of the trained steps.
    """

    number: int
    num_winners_stopped: int
    num_others_won: int
    lost: float
    saved: float


class Judged(NamedTuple):
    """What an individual would have come to.

    Attributes:
        share: How far its first training would have come: with
        fitness: what decides who wins.
        trainings: How many it would have taken; of who was stopped, or takes
            the fitness of another, less than one.
    """

    share: float
    fitness: float
    trainings: float


def replay(
    table: Table,
    searches: Mapping[Search, Found],
    budget: Budget,
    *,
    reuse: bool = False,
    **savings: bool,
) -> Replayed:
    """Asks the referee what it would have said, had it been asked.

    Args:
        table: Of trainings.
        searches: Without savings, one at least.
        budget: Of every search.
        reuse: Whether equal ones would have taken a known fitness.
        **savings: What the configuration of savings says otherwise.
    """
    stopped = other = 0
    lost = trained = total = 0.0
    for search, found in searches.items():
        digests = [digest for digest, *_ in found["history"]]
        row = ROWS[search.row]
        referee = Referee(
            budget.search(
                row.representation, row.algorithm, search.seed, **savings
            )
        )
        judged = judge_all(table, digests, referee, budget, reuse=reuse)
        full = [fmean(final_accuracies(table, one, budget)) for one in digests]
        winner = _first_best([(1.0, fitness) for fitness in full])
        now = _first_best([one[:2] for one in judged])
        its = judged[winner]
        stopped += its.share < 1 or its.trainings < budget.num_repeats
        other += digests[now] != digests[winner]
        lost += full[winner] - full[now]
        trained += sum(one.trainings for one in judged)
        total += len(judged) * budget.num_repeats
    number = len(searches)
    return Replayed(number, stopped, other, lost / number, 1 - trained / total)


def _first_best(ranks: Sequence[tuple[float, float]]) -> int:
    return max(range(len(ranks)), key=lambda i: (ranks[i], -i))


def judge_all(
    table: Table,
    digests: Sequence[str],
    referee: Referee,
    budget: Budget,
    *,
    reuse: bool,
) -> list[Judged]:
    """Returns what all of a search would have come to, in their order."""
    judged: list[Judged] = []
    first: dict[str, Judged] = {}
    for number, digest in enumerate(digests, start=1):
        if reuse and digest in first:
            its = first[digest]._replace(trainings=0.0)
        else:
            its = _judge(table, digest, referee, budget)
            first[digest] = its
        referee.tell(Told(number, its.fitness, its.share, Cost(0, 0, 0)))
        judged.append(its)
    return judged


def _judge(
    table: Table, digest: str, referee: Referee, budget: Budget
) -> Judged:
    whole: list[float] = []
    for repeat in range(1, budget.num_repeats + 1):
        reached = table.get(Training(digest, "validation", repeat)) or {}
        share = _goes_to(referee, repeat, whole, reached, budget)
        if share < 1:
            return Judged(share, reached[share], share)
        whole.append(reached[1.0])
        if referee.is_asked(repeat, 1.0) and not referee.goes_on(1.0, whole):
            break
    referee.learn_spread(whole)
    return Judged(1.0, fmean(whole), len(whole))


def _goes_to(
    referee: Referee,
    repeat: int,
    whole: Sequence[float],
    reached: Accuracies,
    budget: Budget,
) -> float:
    """Returns the share at which a repeat is stopped, or 1."""
    for share in budget.rungs:
        so_far = [*whole, reached[share]]
        is_asked = referee.is_asked(repeat, share)
        if is_asked and not referee.goes_on(share, so_far):
            return share
    return 1.0
