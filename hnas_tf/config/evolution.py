"""How genotypes are proposed, as the flags describe it."""

from dataclasses import dataclass

from hnas_tf.errors import (
    require,
    require_at_least,
    require_at_most,
    require_one_of,
)

MAX_INITIAL_MUTATIONS = 100_000
PARETO_COSTS = ("parameters", "multiply_adds", "activation_bytes")


@dataclass(frozen=True)
class EvolutionConfig:
    """How genotypes are proposed (Section 3).

    Attributes:
        algorithm: `evolution`, `random`, `aging`, `pareto`, or the import path
            `module:Class` of another one.
        initial_genotypes: What the search starts with, as a person names it.
        num_evaluations: Individuals of the whole search.
        initial_population: Random individuals before evolution begins.
        num_initial_mutations: Mutations that make a random genotype out of the
            trivial one. The paper says "many, e.g. 1000" (second-hand).
        tournament_fraction: The share of the population that enters a
            tournament.
        population_size: Individuals that live at a time, of `aging` and
            `pareto`.
        pareto_cost: What `pareto` weighs against fitness.
        max_parameters: The most trainable parameters of a candidate, if any.
        max_multiply_adds: The most multiply-adds of one image, if any.
        max_activation_bytes: The most bytes that the outputs kept for the
            gradient of one batch may take, if any.
    """

    algorithm: str = "evolution"
    initial_genotypes: tuple[str, ...] = ()
    num_evaluations: int = 7000
    initial_population: int = 200
    num_initial_mutations: int = 1000
    tournament_fraction: float = 0.05
    population_size: int = 100
    pareto_cost: str = "parameters"
    max_parameters: int | None = None
    max_multiply_adds: int | None = None
    max_activation_bytes: int | None = 2**32

    def __post_init__(self) -> None:
        """Checks the ranges."""
        require_at_least(1, self, "num_evaluations", "initial_population")
        require_at_least(0, self, "num_initial_mutations")
        require_at_most(MAX_INITIAL_MUTATIONS, self, "num_initial_mutations")
        require_at_least(2, self, "population_size")
        require_one_of(PARETO_COSTS, self, "pareto_cost")
        budget = ("max_parameters", "max_multiply_adds", "max_activation_bytes")
        require_at_least(1, self, *budget, optional=True)
        require(
            0 < self.tournament_fraction <= 1,
            "tournament_fraction",
            "lie in (0, 1]",
            self.tournament_fraction,
        )
