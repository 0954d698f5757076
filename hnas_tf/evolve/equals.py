"""Who takes the fitness of whom, since their networks are equal."""

from hnas_tf.archive import Archive
from hnas_tf.engines import Task
from hnas_tf.evolution import Proposal


class Equals:
    """What the archive knows of networks.

    An individual whose network is in training waits for its end.
    """

    def __init__(self, archive: Archive, *, reuses: bool) -> None:
        """Takes the archive.

        Args:
            archive: Of the search.
            reuses: Whether anyone takes a fitness at all.
        """
        self._archive = archive
        self._reuses = reuses

    def add(self, proposal: Proposal) -> int | None:
        """Adds an individual to the archive; returns whose fitness it takes.

        `None`: it is to be trained.
        """
        known = None
        if self._reuses:
            known = self._archive.trained_as(proposal.digest)
        self._archive.add(proposal, equal_to=known)
        return known

    def is_settled(self, number: int) -> bool:
        """Returns whether an individual has a fitness to take."""
        return self._archive.individual(number).state.is_final()

    def waiting_for(self, number: int) -> list[int]:
        """Returns who waits for the fitness of an individual."""
        return self._archive.waiting_for(number)

    def release(self, number: int) -> Task | None:
        """Has the first of those train that waited for one that failed.

        The others now wait for it. Returns its task, if anyone waited.
        """
        waiting = self._archive.waiting_for(number)
        if not waiting:
            return None
        first, *others = waiting
        self._archive.wait_for(first, None)
        for other in others:
            self._archive.wait_for(other, first)
        return Task(first, 1, self._archive.genotype(first))
