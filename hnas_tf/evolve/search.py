"""The loop of one search: controller, archive and engine meet here."""

import dataclasses
from collections.abc import Callable

from hnas_tf.archive import Archive
from hnas_tf.config import SearchConfig
from hnas_tf.engines import Assignments, Engine, Task
from hnas_tf.errors import InvalidError
from hnas_tf.events import (
    WORKER_LOST,
    Event,
    Failed,
    Finished,
    Lost,
    Progress,
    Ready,
    Reused,
    Submitted,
    Unusable,
)
from hnas_tf.evolution import Controller
from hnas_tf.evolve.equals import Equals
from hnas_tf.evolve.health import Health
from hnas_tf.evolve.judging import Judging
from hnas_tf.evolve.watchers import Watchers

MOST_AT_ONCE = 100
"""Individuals proposed in search of one to train, in one transaction."""


class Search:
    """A search between two events."""

    def __init__(
        self,
        config: SearchConfig,
        archive: Archive,
        engine: Engine,
        watchers: Watchers,
        clock: Callable[[], float],
        seconds_left: Callable[[], float],
    ) -> None:
        self._config = config
        self._archive = archive
        self._engine = engine
        self._watchers = watchers
        self._clock = clock
        self._seconds_left = seconds_left
        self._last_event = archive.last_event()
        self._health = Health(
            archive.facts(),
            max_failures_in_a_row=config.workers.max_failures_in_a_row,
        )
        # What was in flight when a search ended runs again before anything
        # new is proposed.
        left = archive.unfinished()
        self._tasks = Assignments(
            [Task(i.number, i.num_attempts + 1, i.genotype) for i in left],
            {i.number: i.num_lost for i in left if i.num_lost},
        )
        self._equals = Equals(archive, reuses=config.savings.reuse_fitness)
        self._goes_on: dict[int, bool] = {}
        self._touched: list[int] = []
        self._is_behind = False
        population = archive.population()
        self._controller = Controller(
            config,
            fetch_genotype=archive.genotype,
            num_proposed=archive.num_individuals(),
            told=population,
        )
        self._judging = Judging(
            config,
            population,
            archive.judgements() if config.savings.selects_by_fitness() else [],
        )

    def is_finished(self) -> bool:
        """Returns whether every individual is settled."""
        return self._has_proposed_all() and self._tasks.is_empty()

    def _has_proposed_all(self) -> bool:
        wanted = self._config.evolution.num_evaluations
        return self._controller.num_proposed >= wanted

    def run(self) -> None:
        """Keeps the workers busy until all is settled, or time is up.

        Everything is in the archive before anyone acts on it: what arrived
        together and what is submitted in turn share one transaction. What
        ends the search does so after it, so that no result is lost with it.
        """
        while not self.is_finished() and (left := self._seconds_left()) > 0:
            # Whoever has more to propose does not wait for anything to happen.
            arrived = [] if self._is_behind else self._wait(left)
            if arrived or self._is_behind:
                self._go_on(arrived)
            # Only now: they may take minutes.
            self._watchers.look(self._archive)

    def _wait(self, seconds: float) -> list[Event]:
        """Returns what arrives; none when the time is over, or a watcher's."""
        return self._engine.next_events(
            min(seconds, self._watchers.seconds_left())
        )

    def _go_on(self, arrived: list[Event]) -> None:
        """Takes events, and proposes for the workers that are idle then."""
        self._is_behind = False
        with self._archive.transaction():
            events = [event for event in arrived if self._take(event)]
            tasks = self._next_tasks()
        self._act(events, tasks)
        if self._health.fatal is not None:
            raise self._health.fatal

    def _take(self, event: Event) -> bool:
        """Records an event, and returns whether it was expected."""
        if not self._tasks.expects(event):
            return False
        if isinstance(event, Finished):
            share = self._judging.share_of(event.individual)
            event = dataclasses.replace(event, share=share)
        self._record(event)
        match event:
            case Ready():
                odd = self._health.take_ready(event, self._engine)
                if odd is not None:
                    self._take(odd)
            case Unusable():
                self._health.take_unusable(
                    event, num_workers=self._engine.num_workers
                )
            case Progress():
                self._take_progress(event)
            case Finished():
                self._take_finished(event)
            case Failed():
                self._tasks.end(event.individual)
                self._take_failed(event)
            case Lost():
                self._take_lost(event)
        return True

    def _take_progress(self, progress: Progress) -> None:
        """Decides whether the training goes on, once for all attempts."""
        answer = self._judging.judge(progress)
        if answer.judged is not None:
            self._record(answer.judged)
        self._goes_on[progress.individual] = answer.goes_on

    def _take_finished(self, finished: Finished) -> None:
        """Tells of the individual, and of those whose networks are equal."""
        number = finished.individual
        self._health.take_finished()
        self._tasks.end(number)
        told = self._archive.told(number)
        self._controller.tell(told)
        self._judging.finish(finished, told)
        self._touched.append(number)
        for waiting in self._equals.waiting_for(number):
            self._reuse(waiting, number)

    def _reuse(self, number: int, known: int) -> None:
        """Has an individual take the fitness of an equal one."""
        self._record(Reused(number, known))
        told = self._archive.told(number)
        self._controller.tell(told)
        self._judging.tell(told)
        self._touched.append(number)

    def _take_failed(self, failed: Failed) -> None:
        """Has someone train who waited for the fitness, if anyone did."""
        number = failed.individual
        self._health.take_failed(failed)
        self._judging.forget(number)
        self._touched.append(number)
        task = self._equals.release(number)
        if task is not None:
            self._tasks.wait(task)

    def _take_lost(self, event: Lost) -> None:
        """Tries again, unless too many workers died under the individual."""
        number, most = event.individual, self._config.workers.max_attempts
        counts = not event.is_preempted
        if not self._tasks.lose(number, max_attempts=most, counts=counts):
            failed = Failed(number, event.attempt, WORKER_LOST, event.detail)
            self._record(failed)
            self._take_failed(failed)

    def _next_tasks(self) -> list[Task]:
        """Returns a task for every idle worker, written down as submitted."""
        tasks: list[Task] = []
        while len(tasks) < self._engine.num_idle and not self._health.fatal:
            task = self._next_task()
            if task is None:
                break
            self._record(Submitted(task.individual, task.attempt))
            self._tasks.run(task)
            tasks.append(task)
        for task in tasks:
            self._look_ahead(task)
        return tasks

    def _next_task(self) -> Task | None:
        """Returns who is evaluated next, if anyone is; at the end any who can.

        Nobody is idle then while somebody waits behind a long training.
        """
        task = self._tasks.take(self._engine.has_prepared) or self._ask()
        if task is None and self._has_proposed_all():
            return self._tasks.take_next()
        return task

    def _look_ahead(self, task: Task) -> None:
        """Chooses what follows a task on its worker, where that prepares ahead.

        Also for a worker that will not prepare it: what a proposal knows must
        not depend on when workers die or are replaced, or searches interrupted.
        """
        device = (self._health.facts or {}).get("device")
        if not self._config.workers.prepares_ahead(device):
            return
        following = self._tasks.take() or self._ask()
        if following is not None:
            self._tasks.put_next(following, after=task)

    def _ask(self) -> Task | None:
        """Returns a new individual that is to be trained, if one is wanted.

        On the way there may be others whose networks are known. If all are,
        there are more to come: at once if they were settled, for then parents
        are others, else when what they wait for has ended.
        """
        num_settled = len(self._touched)
        for _ in range(MOST_AT_ONCE):
            if self._has_proposed_all() or self._health.fatal:
                return None
            try:
                proposal = self._controller.ask(known_event=self._last_event)
            except InvalidError as error:
                self._health.end(error)
                return None
            known = self._equals.add(proposal)
            if known is None:
                return Task(proposal.number, 1, proposal.genotype)
            if self._equals.is_settled(known):
                self._reuse(proposal.number, known)
        self._is_behind = len(self._touched) > num_settled
        return None

    def _act(self, events: list[Event], tasks: list[Task]) -> None:
        """Does what the archive now says; workers first, then watchers."""
        for task in tasks:
            self._engine.submit(task, self._tasks.to_prepare(task))
        for event in events:
            if isinstance(event, Progress):
                self._answer(event)
        touched, self._touched = self._touched, []
        for number in touched:
            self._watchers.settled(number, self._archive)

    def _answer(self, progress: Progress) -> None:
        number, attempt = progress.individual, progress.attempt
        goes_on = self._goes_on.pop(number)
        # Its worker may have died meanwhile: then nobody waits.
        if self._tasks.is_running(number, attempt):
            answer = self._engine.go_on if goes_on else self._engine.stop
            answer(number, attempt)

    def _record(self, event: Event) -> None:
        self._last_event = self._archive.record(event, time=self._clock())
