"""Evolution: the mutated winner of a tournament.

With a population that grows (Section 3.2, Algorithm 2), or of a fixed size, in
which the oldest dies: regularized evolution (Real et al., AAAI 2019).
"""

from random import Random

from hnas_tf.config import EvolutionConfig
from hnas_tf.evolution import mutation, tournament
from hnas_tf.evolution.algorithm import Draw, FetchGenotype, Told
from hnas_tf.evolution.random_search import RandomSearch
from hnas_tf.genotype import SearchSpace


class Evolution:
    """`evolution`, in which nobody ever dies, and `aging`.

    The individuals of the initial population are random, and so is everyone
    who is asked for before anyone has a fitness. Real et al. draw the
    tournament with replacement; here it is drawn as the paper's, without.
    """

    def __init__(
        self, space: SearchSpace, config: EvolutionConfig, fetch: FetchGenotype
    ) -> None:
        self._random = RandomSearch(space, config, fetch)
        self._config = config
        self._fetch = fetch
        self._population = tournament.population_of(config)

    def ask(self, number: int, rng: Random) -> Draw:
        """Returns a child of the population as it now stands."""
        initial = number <= self._config.initial_population
        if initial or not self._population:
            return self._random.ask(number, rng)
        parent = tournament.select(
            self._population, fraction=self._config.tournament_fraction, rng=rng
        )
        return child_of(parent, self._fetch, rng)

    def tell(self, told: Told) -> None:
        """Takes an individual into the population."""
        self._population.add(told.number, told.rank)


def child_of(parent: int, fetch: FetchGenotype, rng: Random) -> Draw:
    """Returns an individual's genotype after one random mutation."""
    genotype = fetch(parent)
    drawn = mutation.draw(genotype, rng)
    return Draw(mutation.apply(genotype, drawn), parent, drawn)
