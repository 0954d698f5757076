"""Tournament selection (Section 3.2): the fittest of a random few."""

import bisect
import collections
from random import Random

from hnas_tf.config import EvolutionConfig

MIN_SIZE = 2


class Population:
    """The individuals that have a fitness, the fittest first.

    Only numbers and ranks are kept. Of equal rank, the older is the fitter.
    """

    def __init__(self, max_size: int | None = None) -> None:
        """Is empty.

        Args:
            max_size: Of more individuals, who came first dies; `None`: no one
                ever does.
        """
        self._max_size = max_size
        self._ordered: list[tuple[float, float, int]] = []
        self._came: collections.deque[tuple[float, float, int]] = (
            collections.deque()
        )

    def __len__(self) -> int:
        """Returns the number of individuals."""
        return len(self._ordered)

    def add(self, number: int, rank: tuple[float, float]) -> None:
        """Adds an individual; the oldest may have to go.

        Args:
            number: The individual's number.
            rank: The share that it reached, and its fitness.
        """
        share, fitness = rank
        entry = (-share, -fitness, number)
        bisect.insort(self._ordered, entry)
        if self._max_size is None:
            return
        self._came.append(entry)
        if len(self._came) > self._max_size:
            oldest = self._came.popleft()
            del self._ordered[bisect.bisect_left(self._ordered, oldest)]

    def number_at(self, place: int) -> int:
        """Returns the individual that has `place` fitter ones above it."""
        return self._ordered[place][2]

    def rank_at(self, place: int) -> tuple[float, float]:
        """Returns the rank of that individual."""
        share, fitness, _ = self._ordered[place]
        return -share, -fitness


def population_of(config: EvolutionConfig) -> Population:
    """Returns an empty population: of `aging` one in which the oldest die."""
    is_aging = config.algorithm == "aging"
    return Population(config.population_size if is_aging else None)


def size_of(num_individuals: int, fraction: float) -> int:
    """Returns how many of a population enter a tournament."""
    return min(num_individuals, max(MIN_SIZE, int(fraction * num_individuals)))


def num_seen(num_individuals: int, fraction: float, unseen: float) -> int:
    """Returns how many places win all but `unseen` of the tournaments.

    The first of them has place 0. All if even the last but one does not.
    """
    size = size_of(num_individuals, fraction)
    left = 1.0
    for place in range(num_individuals):
        # As in `select`: all above it are in another part.
        left *= 1 - size / (num_individuals - place)
        if left < unseen:
            return place + 1
    return num_individuals


def select(population: Population, *, fraction: float, rng: Random) -> int:
    """Returns the number of the fittest of a random part of the population.

    The part is `fraction` of the population, and at least `MIN_SIZE`. It is
    not sampled: the fittest individual is in a part of `size` out of
    `len(population)` with the probability of their ratio; if it is not, the
    part is one of the others, and the next fittest is asked, and so on.
    """
    size = size_of(len(population), fraction)
    place = 0
    while rng.random() * (len(population) - place) >= size:
        place += 1
    return population.number_at(place)
