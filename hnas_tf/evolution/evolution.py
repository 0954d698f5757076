"""Evolution: the mutated winner of a tournament.

With a population that grows (Section 3.2, Algorithm 2), or of a fixed size, in
which the oldest dies: regularized evolution (Real et al., AAAI 2019).
"""

from random import Random

from hnas_tf.config import EvolutionConfig
from hnas_tf.evolution import tournament
from hnas_tf.evolution.algorithm import FetchGenotype, Told
from hnas_tf.evolution.breeding import Breeding
from hnas_tf.genotype import SearchSpace


class Evolution(Breeding):
    """`evolution`, in which nobody ever dies, and `aging`.

    Real et al. draw the tournament with replacement; here it is drawn as the
    paper's, without.
    """

    def __init__(
        self, space: SearchSpace, config: EvolutionConfig, fetch: FetchGenotype
    ) -> None:
        super().__init__(space, config, fetch)
        self._population = tournament.population_of(config)

    def parent(self, rng: Random) -> int | None:
        """Returns the winner of a tournament."""
        if not self._population:
            return None
        fraction = self._config.tournament_fraction
        return tournament.select(self._population, fraction=fraction, rng=rng)

    def tell(self, told: Told) -> None:
        """Takes an individual into the population."""
        self._population.add(told.number, told.rank)
