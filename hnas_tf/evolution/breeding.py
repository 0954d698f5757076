"""What algorithms have in common whose individuals have parents."""

from abc import ABC, abstractmethod
from random import Random

from hnas_tf.config import EvolutionConfig
from hnas_tf.evolution import mutation
from hnas_tf.evolution.algorithm import Draw, FetchGenotype
from hnas_tf.evolution.random_search import RandomSearch
from hnas_tf.genotype import SearchSpace


class Breeding(ABC):
    """Proposes random genotypes first, and then mutated parents.

    The individuals of the initial population are random, and so is everyone
    who is asked for before anyone has a fitness.
    """

    def __init__(
        self, space: SearchSpace, config: EvolutionConfig, fetch: FetchGenotype
    ) -> None:
        self._random = RandomSearch(space, config, fetch)
        self._config = config
        self._fetch = fetch

    @abstractmethod
    def parent(self, rng: Random) -> int | None:
        """Returns who is mutated, `None` if there is no one yet."""

    def ask(self, number: int, rng: Random) -> Draw:
        """Returns a child of the population as it now stands."""
        parent = None
        if number > self._config.initial_population:
            parent = self.parent(rng)
        if parent is None:
            return self._random.ask(number, rng)
        genotype = self._fetch(parent)
        drawn = mutation.draw(genotype, rng)
        return Draw(mutation.apply(genotype, drawn), parent, drawn)
