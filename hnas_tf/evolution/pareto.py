"""Non-dominated sorting and crowding, as in NSGA-II (Deb et al., 2002).

Fitness is to be large, cost to be small. One individual dominates another if it
is at least as good in both, and better in one.
"""

import bisect
from collections.abc import Iterable, Sequence
from math import inf
from random import Random
from typing import NamedTuple

from hnas_tf.config import EvolutionConfig
from hnas_tf.evolution.algorithm import FetchGenotype, Told
from hnas_tf.evolution.breeding import Breeding
from hnas_tf.evolution.individual import Individual, State
from hnas_tf.genotype import SearchSpace


class Point(NamedTuple):
    """An individual, as far as it matters here."""

    fitness: float
    cost: float
    number: int


class Pareto(Breeding):
    """Keeps the `population_size` best, which are asked for children.

    A generation is one individual, since candidates end one by one: whoever is
    told of joins the population, and its last leaves. A parent is the better of
    two, drawn at random.
    """

    def __init__(
        self, space: SearchSpace, config: EvolutionConfig, fetch: FetchGenotype
    ) -> None:
        super().__init__(space, config, fetch)
        self._ordered: list[Point] = []

    def parent(self, rng: Random) -> int | None:
        """Returns the better of two."""
        size = len(self._ordered)
        if not size:
            return None
        place = min(int(rng.random() * size), int(rng.random() * size))
        return self._ordered[place].number

    def tell(self, told: Told) -> None:
        """Takes an individual in; the last of too many leaves."""
        cost = getattr(told.cost, self._config.pareto_cost)
        point = Point(told.fitness, cost, told.number)
        everyone = ordered([*self._ordered, point])
        self._ordered = everyone[: self._config.population_size]


def pareto_front(
    individuals: Iterable[Individual], cost: str
) -> list[Individual]:
    """Returns those that no other one dominates, the fittest first.

    Args:
        individuals: Of whom those count that were trained to the end, and not
            those that took the fitness of another.
        cost: The name of an attribute of `Cost`.
    """
    trained = {
        one.number: one
        for one in individuals
        if one.state is State.FINISHED and one.equal_to is None
    }
    points = [
        Point(one.fitness or 0.0, getattr(one.cost, cost), one.number)
        for one in trained.values()
    ]
    first = next(iter(fronts(points)), [])
    return [trained[point.number] for point in first]


def ordered(points: Sequence[Point]) -> list[Point]:
    """Returns the best first: by front, then by distance to others in it.

    Of equal ones the older comes first.
    """
    found = []
    for front in fronts(points):
        distances = crowding(front)
        pairs = zip(front, distances, strict=True)
        in_turn = sorted(pairs, key=lambda pair: (-pair[1], pair[0].number))
        found += [point for point, _ in in_turn]
    return found


def fronts(points: Sequence[Point]) -> list[list[Point]]:
    """Returns who is dominated by no one, by those alone, and so on.

    Within a front fitness falls, and of equal ones the older comes first.
    """
    found: list[list[Point]] = []
    cheapest: list[float] = []  # Of every front; it rises from front to front.
    for point in sorted(points, key=lambda p: (-p.fitness, p.cost, p.number)):
        # All that came before are at least as fit.
        place = bisect.bisect_right(cheapest, point.cost)
        if place and found[place - 1][-1][:2] == point[:2]:
            place -= 1  # Equals do not dominate each other.
        if place == len(found):
            found.append([])
            cheapest.append(point.cost)
        found[place].append(point)
        cheapest[place] = point.cost
    return found


def crowding(front: Sequence[Point]) -> list[float]:
    """Returns how far apart each point's neighbours in a front lie.

    The sum over fitness and cost, each over its range; infinite at the ends.

    Args:
        front: Points of which none dominates another, the fittest first.
    """
    if len(front) < 3:
        return [inf] * len(front)
    first, last = front[0], front[-1]
    ranges = (first.fitness - last.fitness, first.cost - last.cost)
    inner = [
        sum(
            (before[axis] - after[axis]) / ranges[axis]
            for axis in (0, 1)
            if ranges[axis]
        )
        for before, after in zip(front, front[2:], strict=False)
    ]
    return [inf, *inner, inf]
