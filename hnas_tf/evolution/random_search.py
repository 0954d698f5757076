"""The paper's random search (Section 3.3): every genotype is random."""

from random import Random

from hnas_tf.config import EvolutionConfig
from hnas_tf.evolution.algorithm import Draw, FetchGenotype, Told
from hnas_tf.evolution.initialization import random_genotype
from hnas_tf.genotype import SearchSpace


class RandomSearch:
    """Learns nothing from what it is told."""

    def __init__(
        self, space: SearchSpace, config: EvolutionConfig, fetch: FetchGenotype
    ) -> None:
        del fetch
        self._space = space
        self._num_mutations = config.num_initial_mutations

    def ask(self, number: int, rng: Random) -> Draw:
        """Returns a random genotype."""
        del number
        return Draw(
            random_genotype(self._space, rng, num_mutations=self._num_mutations)
        )

    def tell(self, told: Told) -> None:
        """Does nothing."""
