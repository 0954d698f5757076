"""What proposes genotypes: the interface of all search algorithms."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple, Protocol

from hnas_tf.config import EvolutionConfig
from hnas_tf.evolution.mutation import Mutation
from hnas_tf.genotype import Genotype, SearchSpace
from hnas_tf.plan import Cost

FetchGenotype = Callable[[int], Genotype]
"""Returns the genotype of the individual with a number."""


class Draw(NamedTuple):
    """A genotype, and its parent and mutation where it has them."""

    genotype: Genotype
    parent: int | None = None
    mutation: Mutation | None = None


class Told(NamedTuple):
    """What is known of an individual that has a fitness.

    Attributes:
        number: The individual's number.
        fitness: In [0, 1], at the share that it reached.
        share: How far its first training came, in (0, 1]; below 1 if it was
            stopped early.
        cost: Of its network.
    """

    number: int
    fitness: float
    share: float
    cost: Cost

    @property
    def rank(self) -> tuple[float, float]:
        """What individuals are ordered by; the fitter has the larger."""
        return self.share, self.fitness


class Algorithm(Protocol):
    """Proposes genotypes; all that is random comes from `rng`.

    A user's own is a class of this kind, named by its import path and made of
    the search space, the configuration and what fetches genotypes. What it
    proposes may depend on nothing but the number, `rng` and what it was told,
    in that order: a search that goes on tells another instance all of it again.
    """

    def ask(self, number: int, rng: Random) -> Draw:
        """Returns a genotype for the individual of that number.

        Is asked again, with the same `rng`, where the genotype cannot be
        trained.
        """

    def tell(self, told: Told) -> None:
        """Learns of an individual that has a fitness."""


AlgorithmFactory = Callable[
    [SearchSpace, EvolutionConfig, FetchGenotype], Algorithm
]
"""Makes an algorithm: a class such as `Evolution`."""
