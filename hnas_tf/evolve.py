"""The loop of one search: controller, archive and engine meet here."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from hnas_tf.archive import Archive, Outcome, outcome_of
from hnas_tf.config import SearchConfig
from hnas_tf.engines import Assignments, Engine, Task
from hnas_tf.errors import HnasError, InvalidError
from hnas_tf.events import (
    WORKER_LOST,
    Event,
    Failed,
    Finished,
    Lost,
    Progress,
    Ready,
    Submitted,
    Unusable,
)
from hnas_tf.evolution import Controller, Individual

DECISIVE_FACTS = ("device", "num_devices", "threads", "precision")
"""What must be equal for equal seeds to give equal fitnesses."""


class Watcher(Protocol):
    """Shows what a search does; decides nothing."""

    def begin(self, archive: Archive) -> None:
        """Is told where the search stands before it goes on."""

    def settled(self, individual: Individual, archive: Archive) -> None:
        """Is told of an individual that is finished or has failed."""

    def end(self, archive: Archive) -> None:
        """Is told that the search ends, whatever the reason."""


def evolve(
    config: SearchConfig,
    *,
    archive: Archive,
    engine: Engine,
    watchers: Sequence[Watcher] = (),
    clock: Callable[[], float] = time.time,
) -> Outcome:
    """Runs a search from where its archive stands to its end.

    Args:
        config: Of the search.
        archive: Open for writing; what it holds is never asked for again.
        engine: Is entered only if something is left to do.
        watchers: Show what happens.
        clock: Seconds since the epoch, for the events.

    Returns:
        The fittest individual of the whole run (Section 3.2), and counts.

    Raises:
        HnasError: if no worker is usable, workers do not compare, no genotype
            keeps within the budget, or the archive cannot be written.
    """
    search = _Search(config, archive, engine, watchers, clock)
    # Also after the end: an earlier run may have died before it was shown.
    for watcher in watchers:
        watcher.begin(archive)
    try:
        if not search.is_finished():
            with engine:
                search.run()
    finally:
        for watcher in watchers:
            watcher.end(archive)
    return outcome_of(archive)


class _Search:
    """A search between two events."""

    def __init__(
        self,
        config: SearchConfig,
        archive: Archive,
        engine: Engine,
        watchers: Sequence[Watcher],
        clock: Callable[[], float],
    ) -> None:
        self._config = config
        self._archive = archive
        self._engine = engine
        self._watchers = watchers
        self._clock = clock
        self._last_event = archive.last_event()
        self._facts = archive.facts()
        # What was in flight when a search ended runs again before anything
        # new is proposed.
        left = archive.unfinished()
        self._tasks = Assignments(
            [Task(i.number, i.num_attempts + 1, i.genotype) for i in left],
            {i.number: i.num_lost for i in left if i.num_lost},
        )
        self._fatal: HnasError | None = None
        self._controller = Controller(
            config,
            fetch_genotype=archive.genotype,
            num_proposed=archive.num_individuals(),
            fitnesses=archive.fitnesses(),
        )

    def is_finished(self) -> bool:
        """Returns whether every individual is settled."""
        return self._has_proposed_all() and self._tasks.is_empty()

    def _has_proposed_all(self) -> bool:
        wanted = self._config.evolution.num_evaluations
        return self._controller.num_proposed >= wanted

    def run(self) -> None:
        """Takes events and keeps the workers busy until all is settled.

        Everything is in the archive before anyone acts on it: what arrived
        together and what is submitted in turn share one transaction. What
        ends the search does so after it, so that no result is lost with it.
        """
        while not self.is_finished():
            arrived = self._engine.next_events()
            with self._archive.transaction():
                events = [event for event in arrived if self._take(event)]
                tasks = self._next_tasks()
            self._act(events, tasks)
            if self._fatal is not None:
                raise self._fatal

    def _expects(self, event: Event) -> bool:
        """Returns whether an event is not the late answer of a lost worker."""
        if isinstance(event, Ready | Unusable | Submitted):
            return True
        return self._tasks.is_running(event.individual, event.attempt)

    def _take(self, event: Event) -> bool:
        """Records an event, and returns whether it was expected."""
        if not self._expects(event):
            return False
        self._record(event)
        if isinstance(event, Ready):
            self._check_facts(event.facts)
        elif isinstance(event, Unusable):
            self._take_unusable(event)
        elif isinstance(event, Finished):
            self._tasks.end(event.individual)
            fitness = self._archive.fitness(event.individual)
            self._controller.tell(event.individual, fitness)
        elif isinstance(event, Failed):
            self._tasks.end(event.individual)
        elif isinstance(event, Lost):
            self._take_lost(event)
        return True

    def _take_unusable(self, event: Unusable) -> None:
        """Goes on with the other workers, if there are any."""
        if self._engine.num_workers == 0:
            self._fatal = HnasError(
                "Expected workers that can evaluate. Received: "
                f"worker {event.worker}: {event.reason}"
            )

    def _take_lost(self, event: Lost) -> None:
        """Tries again, unless too many workers died under the individual."""
        number, attempt = event.individual, event.attempt
        most = self._config.workers.max_attempts
        if not self._tasks.lose(number, max_attempts=most):
            self._record(Failed(number, attempt, WORKER_LOST, event.detail))

    def _next_tasks(self) -> list[Task]:
        """Returns a task for every idle worker, written down as submitted."""
        tasks: list[Task] = []
        while len(tasks) < self._engine.num_idle and self._fatal is None:
            task = self._tasks.take(self._engine.has_prepared) or self._ask()
            if task is None:
                break
            self._record(Submitted(task.individual, task.attempt))
            self._tasks.run(task)
            tasks.append(task)
        for task in tasks:
            self._look_ahead(task)
        return tasks

    def _look_ahead(self, task: Task) -> None:
        """Chooses what follows a task on its worker, where that prepares ahead.

        Also for a worker that will not prepare it: what a proposal knows must
        not depend on when workers die or are replaced, or searches interrupted.
        """
        device = (self._facts or {}).get("device")
        if not self._config.workers.prepares_ahead(device):
            return
        following = self._tasks.take() or self._ask()
        if following is not None:
            self._tasks.put_next(following, after=task)

    def _ask(self) -> Task | None:
        """Returns a new individual, added to the archive, if one is wanted."""
        if self._has_proposed_all() or self._fatal is not None:
            return None
        try:
            proposal = self._controller.ask(known_event=self._last_event)
        except InvalidError as error:
            self._fatal = error
            return None
        self._archive.add(proposal)
        return Task(proposal.number, 1, proposal.genotype)

    def _act(self, events: list[Event], tasks: list[Task]) -> None:
        """Does what the archive now says; workers first, then watchers."""
        for task in tasks:
            self._engine.submit(task, self._tasks.to_prepare(task))
        for event in events:
            # Its worker may have died meanwhile: then nobody waits.
            if isinstance(event, Progress) and self._expects(event):
                self._engine.go_on(event.individual, event.attempt)
        for event in events:
            if isinstance(event, Finished | Failed | Lost):
                self._show(event.individual)

    def _show(self, number: int) -> None:
        individual = self._archive.individual(number)
        if individual.state.is_final():
            for watcher in self._watchers:
                watcher.settled(individual, self._archive)

    def _record(self, event: Event) -> None:
        self._last_event = self._archive.record(event, time=self._clock())

    def _check_facts(self, facts: dict[str, Any]) -> None:
        """Ends the search if fitnesses of this worker would not compare."""
        self._facts = self._facts or facts
        different = [
            f"{name} {self._facts.get(name)} there, {facts.get(name)} now"
            for name in DECISIVE_FACTS
            if self._facts.get(name) != facts.get(name)
        ]
        if different:
            self._fatal = HnasError(
                "Expected workers like those that the search began with. "
                f"Received: {', '.join(different)}"
            )
