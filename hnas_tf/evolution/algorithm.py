"""Who proposes genotypes: the paper's evolution and random search."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple, Protocol

from hnas_tf.config import EvolutionConfig
from hnas_tf.evolution import mutation, tournament
from hnas_tf.evolution.initialization import random_genotype
from hnas_tf.evolution.mutation import Mutation
from hnas_tf.evolution.tournament import Population
from hnas_tf.genotype import Genotype, SearchSpace

FetchGenotype = Callable[[int], Genotype]
"""Returns the genotype of the individual with a number."""


class Draw(NamedTuple):
    """A genotype, and its parent and mutation where it has them."""

    genotype: Genotype
    parent: int | None = None
    mutation: Mutation | None = None


class Algorithm(Protocol):
    """Proposes genotypes; all that is random comes from `rng`."""

    def propose(self, number: int, population: Population, rng: Random) -> Draw:
        """Returns a genotype for the individual of that number."""


class RandomSearch:
    """Every genotype is random (Section 3.3)."""

    def __init__(
        self, space: SearchSpace, config: EvolutionConfig, fetch: FetchGenotype
    ) -> None:
        del fetch
        self._space = space
        self._num_mutations = config.num_initial_mutations

    def propose(self, number: int, population: Population, rng: Random) -> Draw:
        """Returns a random genotype."""
        del number, population
        return Draw(
            random_genotype(self._space, rng, num_mutations=self._num_mutations)
        )


class Evolution:
    """The mutated winner of a tournament, once there is a population.

    (Section 3.2, Algorithm 2.) The individuals of the initial population are
    random, and so is everyone who is asked for before anyone has a fitness.
    """

    def __init__(
        self, space: SearchSpace, config: EvolutionConfig, fetch: FetchGenotype
    ) -> None:
        self._random = RandomSearch(space, config, fetch)
        self._config = config
        self._fetch = fetch

    def propose(self, number: int, population: Population, rng: Random) -> Draw:
        """Returns a child of the population as it now stands."""
        if number <= self._config.initial_population or not population:
            return self._random.propose(number, population, rng)
        fraction = self._config.tournament_fraction
        parent = tournament.select(population, fraction=fraction, rng=rng)
        genotype = self._fetch(parent)
        drawn = mutation.draw(genotype, rng)
        return Draw(mutation.apply(genotype, drawn), parent, drawn)


ALGORITHMS: dict[
    str, Callable[[SearchSpace, EvolutionConfig, FetchGenotype], Algorithm]
] = {"evolution": Evolution, "random": RandomSearch}
