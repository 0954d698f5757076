"""Whether all that a search did follows from its seed and what it knew.

The archive's history is gone through once more: at every event the controller
and the referee are told what they were told then, and whatever they decide is
held against what was recorded.
"""

from collections import deque
from collections.abc import Iterator
from statistics import fmean, stdev
from typing import Any, NamedTuple

from hnas_tf.archive import Archive, event_of
from hnas_tf.config import SearchConfig
from hnas_tf.errors import HnasError
from hnas_tf.events import (
    Event,
    Failed,
    Finished,
    Judged,
    Progress,
    Reused,
    Submitted,
)
from hnas_tf.evolution import Controller, Individual, State, Told
from hnas_tf.evolve.history import Networks, Reports
from hnas_tf.evolve.judging import Judging


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
    with archive.snapshot():
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
        self._individuals = individuals
        self._controller = Controller(
            config, fetch_genotype=lambda number: individuals[number].genotype
        )
        self._judging = Judging(config)
        self._networks = Networks(reuses=config.savings.reuse_fitness)
        self._reports = Reports(config.training.num_repeats)
        self._due: Judged | None = None  # What must come next.
        self._ended: dict[int, Ended] = {}

    def run(self, documents: list[dict[str, Any]]) -> Iterator[str]:
        """Yields what does not follow."""
        proposed = deque(self._individuals.values())
        for document in documents:
            while proposed and proposed[0].known_event < document["number"]:
                yield from self._ask(proposed.popleft())
            event = event_of(document)
            yield from self._check_answer(event)
            yield from self._take(event)
        for individual in proposed:
            yield from self._ask(individual)
        yield from self._check_answer(None)
        for individual in self._individuals.values():
            ended = self._ended.get(individual.number, Ended())
            yield from _differences(individual, ended)

    def _ask(self, recorded: Individual) -> Iterator[str]:
        try:
            asked = self._controller.ask(known_event=recorded.known_event)
        except HnasError as error:
            yield f"Individual {recorded.number}: {error}"
            return
        self._networks.propose(recorded.number, asked.digest)
        for name, value in vars(asked).items():
            # An archive that is older than digests has none.
            is_known = name != "digest" or recorded.digest
            if is_known and value != getattr(recorded, name):
                yield f"Individual {recorded.number} has another {name}"

    def _check_answer(self, event: Event | None) -> Iterator[str]:
        """Yields if an answer is due, and this is not it, or the other way."""
        due, self._due = self._due, None
        given = event if isinstance(event, Judged) else None
        if given != due:
            number = (given or due or Judged(0, 0, 0, 0, (), True)).individual
            yield f"Individual {number} was judged otherwise, or not at all"

    def _take(self, event: Event) -> Iterator[str]:
        match event:
            case Submitted():
                yield from self._networks.submit(event.individual)
            case Progress():
                answer = self._judging.judge(event)
                self._due = answer.judged
                yield from self._reports.add(event, goes_on=answer.goes_on)
            case Finished():
                yield from self._finish(event)
            case Reused():
                yield from self._reuse(event)
            case Failed():
                self._judging.forget(event.individual)
                ended = Ended(State.FAILED, reason=event.reason)
                yield from self._end(event.individual, ended)

    def _finish(self, event: Finished) -> Iterator[str]:
        number, share = event.individual, event.share
        if share != self._judging.share_of(number):
            yield f"Individual {number} was not stopped as it was judged"
        yield from self._reports.end(event)
        yield from self._end(number, _ended_of(event))
        self._judging.learn(event)
        self._tell(number)

    def _reuse(self, event: Reused) -> Iterator[str]:
        number, known = event.individual, event.equal_to
        yield from self._networks.reuse(number)
        if not self._networks.are_equal(number, known):
            yield f"Individual {number} is not equal to {known}"
        ended = self._ended.get(known, Ended())
        if ended.fitness is None:
            yield f"Individual {number} took a fitness that {known} had not"
            return
        yield from self._end(number, ended._replace(equal_to=known))
        self._tell(number)

    def _tell(self, number: int) -> None:
        told = self._told(number)
        self._controller.tell(told)
        self._judging.tell(told)

    def _end(self, number: int, ended: "Ended") -> Iterator[str]:
        if number in self._ended:
            yield f"Individual {number} has ended twice"
        self._ended[number] = ended
        has_failed = ended.state is State.FAILED
        self._networks.end(number, has_failed=has_failed)

    def _told(self, number: int) -> Told:
        ended, cost = self._ended[number], self._individuals[number].cost
        return Told(number, ended.fitness or 0.0, ended.share or 0.0, cost)


class Ended(NamedTuple):
    """What became of an individual, as its events say.

    The fields are those of `Individual`.
    """

    state: State = State.SUBMITTED
    fitness: float | None = None
    fitness_std: float | None = None
    reason: str | None = None
    share: float | None = None
    num_repeats: int | None = None
    equal_to: int | None = None


def _ended_of(event: Finished) -> Ended:
    accuracies = event.accuracies
    return Ended(
        State.FINISHED if event.share == 1 else State.STOPPED,
        fmean(accuracies),
        fitness_std=stdev(accuracies) if len(accuracies) > 1 else None,
        share=event.share,
        num_repeats=len(accuracies),
    )


def _differences(individual: Individual, ended: Ended) -> Iterator[str]:
    waits = individual.state is State.SUBMITTED
    for name, value in ended._asdict().items():
        # Who waits for the fitness of another has not taken it yet.
        if getattr(individual, name) != value and not (
            waits and name == "equal_to"
        ):
            yield f"Individual {individual.number} has another {name}"
