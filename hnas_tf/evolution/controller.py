"""The controller: proposes individuals and learns their fitness."""

from collections.abc import Iterable
from random import Random

from hnas_tf.config import SearchConfig
from hnas_tf.errors import InvalidError, TooLargeError, require
from hnas_tf.evolution.algorithm import ALGORITHMS, FetchGenotype
from hnas_tf.evolution.individual import Proposal
from hnas_tf.evolution.tournament import Population
from hnas_tf.genotype import Genotype, can_be_assembled
from hnas_tf.plan import Cost, make_plan, plan_cost

MAX_DRAWS = 1_000


class Controller:
    """Asks its algorithm for genotypes until one can be trained.

    Any number of proposals may be outstanding. What individual k is depends on
    the seed, on k, and on the fitnesses told until it is asked for, so that
    equal histories give equal proposals and no random state has to be kept.
    """

    def __init__(
        self,
        config: SearchConfig,
        *,
        fetch_genotype: FetchGenotype,
        num_proposed: int = 0,
        fitnesses: Iterable[tuple[int, float]] = (),
    ) -> None:
        """Stands where a search stands.

        Args:
            config: Of the search.
            fetch_genotype: Returns the genotype of an individual; parents are
                fetched when they are chosen, not kept.
            num_proposed: Individuals that were proposed before.
            fitnesses: Numbers and fitnesses of those that have one.
        """
        name = config.evolution.algorithm
        names = ", ".join(sorted(ALGORITHMS))
        require(name in ALGORITHMS, "algorithm", f"be one of {names}", name)
        self._config = config
        self._algorithm = ALGORITHMS[name](
            config.space, config.evolution, fetch_genotype
        )
        self._num_proposed = num_proposed
        self._population = Population()
        for number, fitness in fitnesses:
            self._population.add(number, fitness)

    @property
    def num_proposed(self) -> int:
        """The number of individuals proposed so far."""
        return self._num_proposed

    def tell(self, number: int, fitness: float) -> None:
        """Takes an individual that has a fitness into the population."""
        self._population.add(number, fitness)

    def ask(self, *, known_event: int = 0) -> Proposal:
        """Returns the next individual to evaluate.

        A draw whose cell carries nothing, or that costs more than the budget
        allows, is thrown away, counted, and drawn again.

        Raises:
            InvalidError: if `MAX_DRAWS` draws in a row were thrown away.
        """
        number = self._num_proposed + 1
        rng = Random(f"{self._config.seed}/{number}")
        num_dead = num_over_budget = 0
        for _ in range(MAX_DRAWS):
            draw = self._algorithm.propose(number, self._population, rng)
            if not can_be_assembled(draw.genotype):
                num_dead += 1
            elif (cost := self._cost_within_budget(draw.genotype)) is None:
                num_over_budget += 1
            else:
                self._num_proposed = number
                return Proposal(
                    number,
                    draw.genotype,
                    cost,
                    parent=draw.parent,
                    mutation=draw.mutation,
                    known_event=known_event,
                    num_dead=num_dead,
                    num_over_budget=num_over_budget,
                )
        raise InvalidError(
            "Expected a budget that some genotype of the space keeps within. "
            f"Received: {MAX_DRAWS} draws in a row thrown away, "
            f"{num_over_budget} of them over the budget"
        )

    def _cost_within_budget(self, genotype: Genotype) -> Cost | None:
        """Returns the cost of a genotype, `None` if it is over the budget."""
        training = self._config.training
        try:
            plan = make_plan(genotype, self._config.network)
        except TooLargeError:
            return None
        cost = plan_cost(
            plan,
            image_size=(training.crop_size, training.crop_size),
            batch_size=training.batch_size,
        )
        budget = self._config.evolution
        pairs = (
            (cost.parameters, budget.max_parameters),
            (cost.multiply_adds, budget.max_multiply_adds),
            (cost.activation_bytes, budget.max_activation_bytes),
        )
        fits = all(most is None or value <= most for value, most in pairs)
        return cost if fits else None
