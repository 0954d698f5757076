"""Whether all that a search did follows from its seed and what it knew.

The archive's history is gone through once more: at every event the controller
and the referee are told what they were told then, and whatever they decide is
held against what was recorded.
"""

from collections import deque
from collections.abc import Iterator
from statistics import fmean
from typing import Any, NamedTuple

from hnas_tf.archive import Archive
from hnas_tf.config import SearchConfig
from hnas_tf.errors import HnasError
from hnas_tf.events import (
    Event,
    Failed,
    Finished,
    Judged,
    Progress,
    Reused,
    from_document,
)
from hnas_tf.evolution import Controller, Individual, Proposal, Told
from hnas_tf.evolve.judging import Judging
from hnas_tf.plan import network_digest


class Verdict(NamedTuple):
    """What a verification found.

    Attributes:
        num_proposals: The individuals.
        num_judged: The answers that trainings were given.
        num_reused: The individuals that took the fitness of an equal one.
        problems: What does not follow, a sentence each.
    """

    num_proposals: int
    num_judged: int
    num_reused: int
    problems: list[str]

    def in_words(self) -> str:
        """Returns it for a person."""
        if self.problems:
            return "\n".join(["The search does not repeat:", *self.problems])
        return (
            f"Verified: {self.num_proposals} proposals, {self.num_judged} "
            f"answers to trainings and {self.num_reused} reused fitnesses "
            "follow from the seed and from what was known."
        )


def verify(config: SearchConfig, archive: Archive) -> Verdict:
    """Returns whether a search, running or not, repeats.

    Args:
        config: Of the search.
        archive: Of the search.

    Raises:
        HnasError: if its algorithm cannot be had.
    """
    individuals = {one.number: one for one in archive.individuals()}
    events = archive.events()
    replay = _Replay(config, individuals)
    problems = list(replay.run(events))
    kinds = [event["kind"] for event in events]
    return Verdict(
        len(individuals), kinds.count("judged"), kinds.count("reused"), problems
    )


class _Replay:
    """A search that runs again on the answers that it got then."""

    def __init__(
        self, config: SearchConfig, individuals: dict[int, Individual]
    ) -> None:
        self._config = config
        self._individuals = individuals
        self._controller = Controller(
            config, fetch_genotype=lambda number: individuals[number].genotype
        )
        self._judging = Judging(config)
        self._answer: Judged | None = None

    def run(self, documents: list[dict[str, Any]]) -> Iterator[str]:
        """Yields what does not follow."""
        proposed = deque(self._individuals.values())
        for document in documents:
            while proposed and proposed[0].known_event < document["number"]:
                yield from self._ask(proposed.popleft())
            yield from self._take(_event(document))
        for individual in proposed:
            yield from self._ask(individual)

    def _ask(self, recorded: Individual) -> Iterator[str]:
        try:
            asked = self._controller.ask(known_event=recorded.known_event)
        except HnasError as error:
            yield f"Individual {recorded.number}: {error}"
            return
        different = [
            name
            for name, value in vars(asked).items()
            if value != getattr(recorded, name)
            # An archive that is older than digests has none.
            and not (name == "digest" and not recorded.digest)
        ]
        if different:
            names = ", ".join(different)
            yield f"Individual {recorded.number} has another {names}"

    def _take(self, event: Event) -> Iterator[str]:
        match event:
            case Progress():
                answer = self._judging.judge(event)
                self._answer = None if isinstance(answer, bool) else answer
            case Judged():
                if event != self._answer:
                    yield f"Individual {event.individual} was judged otherwise"
                self._answer = None
            case Finished():
                yield from self._finish(event)
            case Reused():
                yield from self._reuse(event)
            case Failed():
                self._judging.forget(event.individual)

    def _finish(self, event: Finished) -> Iterator[str]:
        one = self._individuals[event.individual]
        told = Told(one.number, fmean(event.accuracies), event.share, one.cost)
        if (told.share, told.fitness) != (one.share, one.fitness):
            yield f"Individual {one.number} has another fitness"
        self._controller.tell(told)
        self._judging.finish(event, told)

    def _reuse(self, event: Reused) -> Iterator[str]:
        one = self._individuals[event.individual]
        known = self._individuals[event.equal_to]
        if self._digest(one) != self._digest(known):
            yield (
                f"Individual {one.number} is not equal to {known.number}, "
                "whose fitness it took"
            )
        told = Told(
            one.number, known.fitness or 0.0, known.share or 0.0, one.cost
        )
        if (told.share, told.fitness) != (one.share, one.fitness):
            yield f"Individual {one.number} has not the fitness it took"
        self._controller.tell(told)
        self._judging.tell(told)

    def _digest(self, one: Proposal) -> str:
        return network_digest(one.genotype, self._config.network)


def _event(document: dict[str, Any]) -> Event:
    fields = {k: v for k, v in document.items() if v is not None}
    return from_document(
        {k: v for k, v in fields.items() if k not in ("number", "time")}
    )
