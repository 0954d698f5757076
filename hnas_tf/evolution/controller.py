"""The controller: proposes individuals and learns their fitness."""

from collections.abc import Iterable
from random import Random
from typing import Any

from hnas_tf.config import SearchConfig
from hnas_tf.errors import InvalidError
from hnas_tf.evolution.algorithm import Draw, FetchGenotype, Told
from hnas_tf.evolution.algorithms import make_algorithm
from hnas_tf.evolution.budget import check_given, cost_within_budget
from hnas_tf.evolution.individual import Proposal
from hnas_tf.genotype import can_be_assembled
from hnas_tf.plan import Cost, network_digest

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
        told: Iterable[Told] = (),
    ) -> None:
        """Stands where a search stands.

        Args:
            config: Of the search.
            fetch_genotype: Returns the genotype of an individual; parents are
                fetched when they are chosen, not kept.
            num_proposed: Individuals that were proposed before.
            told: Those that have a fitness, in the order in which they got it.

        Raises:
            InvalidError: if there is no such algorithm, or a genotype that the
                search is to start with cannot be trained.
        """
        self._config = config
        self._given = check_given(config)
        self._algorithm = make_algorithm(config, fetch_genotype)
        self._num_proposed = num_proposed
        for one in told:
            self.tell(one)

    @property
    def num_proposed(self) -> int:
        """The number of individuals proposed so far."""
        return self._num_proposed

    def tell(self, told: Told) -> None:
        """Tells the algorithm of an individual that has a fitness."""
        self._algorithm.tell(told)

    def ask(self, *, known_event: int = 0) -> Proposal:
        """Returns the next individual to evaluate.

        A draw whose cell carries nothing, or that costs more than the budget
        allows, is thrown away, counted, and drawn again.

        Raises:
            InvalidError: if `MAX_DRAWS` draws in a row were thrown away.
        """
        number = self._num_proposed + 1
        if number <= len(self._given):
            genotype = self._config.given_genotypes[number - 1]
            proposal = self._proposal(
                number,
                Draw(genotype),
                self._given[number - 1],
                is_given=True,
                known_event=known_event,
            )
        else:
            proposal = self._drawn(number, known_event)
        self._num_proposed = number
        return proposal

    def _drawn(self, number: int, known_event: int) -> Proposal:
        """Returns the first genotype of the algorithm that can be trained."""
        rng = Random(f"{self._config.seed}/{number}")
        num_dead = num_over_budget = 0
        for _ in range(MAX_DRAWS):
            draw = self._algorithm.ask(number, rng)
            if not can_be_assembled(draw.genotype):
                num_dead += 1
            elif (
                cost := cost_within_budget(draw.genotype, self._config)
            ) is None:
                num_over_budget += 1
            else:
                return self._proposal(
                    number,
                    draw,
                    cost,
                    known_event=known_event,
                    num_dead=num_dead,
                    num_over_budget=num_over_budget,
                )
        raise InvalidError(
            "Expected a budget that some genotype of the space keeps within. "
            f"Received: {MAX_DRAWS} draws in a row thrown away, "
            f"{num_over_budget} of them over the budget"
        )

    def _proposal(
        self, number: int, draw: Draw, cost: Cost, **others: Any
    ) -> Proposal:
        genotype, parent, mutation = draw
        return Proposal(
            number,
            genotype,
            cost,
            network_digest(genotype, self._config.network),
            parent=parent,
            mutation=mutation,
            **others,
        )
