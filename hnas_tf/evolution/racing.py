"""Racing: repeats are trained while they could still matter.

As in Hoeffding races (Maron and Moore, 1994), a candidate is out as soon as an
upper bound of its mean lies below what it would have to reach. The bound is
that of normal errors (Moore and Lee, 1994), whose spread all candidates share.
What it has to reach is the fitness of the last individual that selection still
sees: those behind it win together fewer than `UNSEEN` of the tournaments.

A candidate whose true mean would have mattered is given up, at one repeat, with
at most the probability `ERROR`, as far as the spread is known and the errors
are normal; over all repeats but the last, with at most their number times that.
What mattered is said of the population as it is then: where the oldest die,
what has to be reached may fall later, and who was given up would have mattered.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist, fmean

from hnas_tf.config import EvolutionConfig
from hnas_tf.evolution import tournament
from hnas_tf.evolution.algorithm import Told

ERROR = 0.05
UNSEEN = 0.05
MIN_DEGREES = 30
"""Of freedom, before the spread counts as known."""

_QUANTILE = NormalDist().inv_cdf(1 - ERROR)


class Racing:
    """What the fitnesses so far say of the next one."""

    def __init__(self, config: EvolutionConfig) -> None:
        """Knows nothing yet, so that everyone gets all repeats."""
        self._fraction = config.tournament_fraction
        self._population = tournament.population_of(config)
        self._squares = 0.0
        self._degrees = 0

    def tell(self, told: Told) -> None:
        """Learns of an individual that has a fitness."""
        self._population.add(told.number, told.rank)

    def learn_spread(self, accuracies: Sequence[float]) -> None:
        """Learns how much the repeats of one individual differ."""
        mean = fmean(accuracies)
        self._squares += sum((x - mean) ** 2 for x in accuracies)
        self._degrees += len(accuracies) - 1

    def may_matter(self, accuracies: Sequence[float]) -> bool:
        """Returns whether the mean of more repeats might be selected."""
        wanted = self._last_seen()
        if wanted is None or self._degrees < MIN_DEGREES:
            return True
        spread = sqrt(self._squares / self._degrees)
        error = spread / sqrt(len(accuracies))
        return fmean(accuracies) + _QUANTILE * error >= wanted

    def _last_seen(self) -> float | None:
        """Returns the fitness of the last whom tournaments see, if known."""
        number = len(self._population)
        place = tournament.num_seen(number, self._fraction, UNSEEN)
        if place == number:
            return None
        share, fitness = self._population.rank_at(place - 1)
        return fitness if share == 1 else None
