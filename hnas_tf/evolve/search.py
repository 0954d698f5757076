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
    Submitted,
    Unusable,
)
from hnas_tf.evolve.health import Health
from hnas_tf.evolve.journal import Journal
from hnas_tf.evolve.judging import Judging
from hnas_tf.evolve.proposals import Proposals
from hnas_tf.evolve.watchers import Watchers


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
        self._seconds_left = seconds_left
        self._journal = Journal(archive, clock)
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
        self._answers: dict[int, bool] = {}
        population = archive.population()
        self._judging = Judging(
            config,
            population,
            archive.judgements() if config.savings.selects_by_fitness() else [],
        )
        self._proposals = Proposals(
            config, archive, self._journal, self._judging, population
        )

    def is_finished(self) -> bool:
        """Returns whether every individual is settled."""
        return self._proposals.are_all_made() and self._tasks.is_empty()

    def run(self) -> None:
        """Keeps the workers busy until all is settled, or time is up.

        Everything is in the archive before anyone acts on it: what arrived
        together and what is submitted in turn share one transaction. What
        ends the search does so after it, so that no result is lost with it.
        """
        while not self.is_finished() and (left := self._seconds_left()) > 0:
            # Whoever has more to propose does not wait for anything to happen.
            arrived = [] if self._proposals.are_behind else self._wait(left)
            if arrived or self._proposals.are_behind:
                self._take_turn(arrived)
            # Only now: they may take minutes.
            self._watchers.look(self._archive)

    def _wait(self, seconds: float) -> list[Event]:
        """Returns what arrives; none when the time is over, or a watcher's."""
        return self._engine.next_events(
            min(seconds, self._watchers.seconds_left())
        )

    def _take_turn(self, arrived: list[Event]) -> None:
        """Takes events, and proposes for the workers that are idle then."""
        self._proposals.are_behind = False
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
        self._journal.record(event)
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
            self._journal.record(answer.judged)
        self._answers[progress.individual] = answer.goes_on

    def _take_finished(self, finished: Finished) -> None:
        self._health.take_finished()
        self._tasks.end(finished.individual)
        self._judging.learn(finished)
        self._proposals.settle(finished.individual)

    def _take_failed(self, failed: Failed) -> None:
        """Has someone train who waited for the fitness, if anyone did."""
        number = failed.individual
        self._health.take_failed(failed)
        self._judging.forget(number)
        task = self._proposals.release(number)
        if task is not None:
            self._tasks.wait(task)

    def _take_lost(self, event: Lost) -> None:
        """Tries again, unless too many workers died under the individual."""
        number, most = event.individual, self._config.workers.max_attempts
        counts = not event.is_preempted
        if not self._tasks.lose(number, max_attempts=most, counts=counts):
            failed = Failed(number, event.attempt, WORKER_LOST, event.detail)
            self._journal.record(failed)
            self._take_failed(failed)

    def _next_tasks(self) -> list[Task]:
        """Returns a task for every idle worker, written down as submitted."""
        tasks: list[Task] = []
        while len(tasks) < self._engine.num_idle and not self._health.fatal:
            task = self._next_task()
            if task is None:
                break
            self._journal.record(Submitted(task.individual, task.attempt))
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
        if task is None and self._proposals.are_all_made():
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
        """Returns a new individual that is to be trained, if there is one."""
        if self._health.fatal is not None:
            return None
        try:
            return self._proposals.ask()
        except InvalidError as error:
            self._health.end(error)
            return None

    def _act(self, events: list[Event], tasks: list[Task]) -> None:
        """Does what the archive now says; workers first, then watchers."""
        for task in tasks:
            self._engine.submit(task, self._tasks.to_prepare(task))
        for event in events:
            if isinstance(event, Progress):
                self._answer(event)
        for number in self._journal.take_settled():
            self._watchers.settled(number, self._archive)

    def _answer(self, progress: Progress) -> None:
        number, attempt = progress.individual, progress.attempt
        goes_on = self._answers.pop(number)
        # Its worker may have died meanwhile: then nobody waits.
        if self._tasks.is_running(number, attempt):
            answer = self._engine.go_on if goes_on else self._engine.stop
            answer(number, attempt)
