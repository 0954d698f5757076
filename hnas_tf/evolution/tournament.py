"""Tournament selection (Section 3.2): the fittest of a random few."""

import bisect
from random import Random

MIN_SIZE = 2


class Population:
    """The individuals that have a fitness, the fittest first.

    Only numbers and fitnesses are kept. Of equal fitness, the older is the
    fitter.
    """

    def __init__(self) -> None:
        self._ranks: list[tuple[float, int]] = []

    def __len__(self) -> int:
        """Returns the number of individuals."""
        return len(self._ranks)

    def add(self, number: int, fitness: float) -> None:
        """Adds an individual; nothing is ever removed."""
        bisect.insort(self._ranks, (-fitness, number))

    def number_at(self, rank: int) -> int:
        """Returns the individual that has `rank` fitter ones above it."""
        return self._ranks[rank][1]


def select(population: Population, *, fraction: float, rng: Random) -> int:
    """Returns the number of the fittest of a random part of the population.

    The part is `fraction` of the population, and at least `MIN_SIZE`. It is
    not sampled: the fittest individual is in a part of `size` out of
    `len(population)` with the probability of their ratio; if it is not, the
    part is one of the others, and the next fittest is asked, and so on.
    """
    size = min(len(population), max(MIN_SIZE, int(fraction * len(population))))
    rank = 0
    while rng.random() * (len(population) - rank) >= size:
        rank += 1
    return population.number_at(rank)
