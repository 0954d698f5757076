"""Who is trained next, and who takes a fitness that is known."""

from collections.abc import Iterable

from hnas_tf.archive import Archive
from hnas_tf.config import SearchConfig
from hnas_tf.engines import Task
from hnas_tf.events import Reused
from hnas_tf.evolution import Controller, Told
from hnas_tf.evolve.equals import Equals
from hnas_tf.evolve.journal import Journal
from hnas_tf.evolve.judging import Judging

MOST_AT_ONCE = 100
"""Individuals proposed in search of one to train, in one transaction."""


class Proposals:
    """Individuals from their proposal to their fitness.

    Attributes:
        are_behind: Whether more can be proposed at once, since the last
            search for one to train was cut short.
    """

    def __init__(
        self,
        config: SearchConfig,
        archive: Archive,
        journal: Journal,
        judging: Judging,
        population: Iterable[Told],
    ) -> None:
        """Stands where a search stands.

        Args:
            config: Of the search.
            archive: Of the search.
            journal: For those that take the fitness of an equal one.
            judging: Learns whatever the controller learns.
            population: Who has a fitness, in the order in which they got it.
        """
        self.are_behind = False
        self._archive = archive
        self._journal = journal
        self._judging = judging
        self._num_wanted = config.evolution.num_evaluations
        self._equals = Equals(archive, reuses=config.savings.reuse_fitness)
        self._controller = Controller(
            config,
            fetch_genotype=archive.genotype,
            num_proposed=archive.num_individuals(),
            told=population,
        )

    def are_all_made(self) -> bool:
        """Returns whether no more are wanted."""
        return self._controller.num_proposed >= self._num_wanted

    def ask(self) -> Task | None:
        """Returns a new individual that is to be trained, if one is wanted.

        On the way there may be others whose networks are known. If all are,
        there are more to come: at once if they were settled, for then parents
        are others, else when what they wait for has ended.

        Raises:
            InvalidError: if nothing can be proposed.
        """
        has_reused = False
        for _ in range(MOST_AT_ONCE):
            if self.are_all_made():
                return None
            proposal = self._controller.ask(
                known_event=self._journal.last_event
            )
            known = self._equals.add(proposal)
            if known is None:
                return Task(proposal.number, 1, proposal.genotype)
            if self._equals.is_settled(known):
                self._reuse(proposal.number, known)
                has_reused = True
        self.are_behind = has_reused
        return None

    def settle(self, number: int) -> None:
        """Tells of one that was trained, and of those that are equal."""
        self._tell(number)
        for waiting in self._equals.waiting_for(number):
            self._reuse(waiting, number)

    def release(self, number: int) -> Task | None:
        """Returns who trains instead of one that failed, if anyone waited."""
        return self._equals.release(number)

    def _reuse(self, number: int, known: int) -> None:
        """Has an individual take the fitness of an equal one."""
        self._journal.record(Reused(number, known))
        self._tell(number)

    def _tell(self, number: int) -> None:
        told = self._archive.told(number)
        self._controller.tell(told)
        self._judging.tell(told)
