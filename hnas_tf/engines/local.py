"""The local engine: child processes on this machine."""

import queue
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hnas_tf.config import SearchConfig, WorkersConfig
from hnas_tf.config_document import config_to_document
from hnas_tf.engines.child_process import ChildProcess, Report
from hnas_tf.engines.devices import Device, environment, find_devices
from hnas_tf.engines.evaluator import Task
from hnas_tf.errors import HnasError
from hnas_tf.events import (
    TIME_LIMIT,
    Event,
    Failed,
    Finished,
    Lost,
    Ready,
    Unusable,
    from_document,
)
from hnas_tf.genotype import genotype_to_json

MAX_DEAD_STARTS = 3


@dataclass
class _Worker:
    """A seat for one child after another, on one device."""

    number: int
    device: Device
    child: ChildProcess
    task: Task | None = None
    deadline: float = 0.0
    is_ready: bool = False
    num_served: int = 0
    num_dead_starts: int = 0


def local_engine(
    config: SearchConfig, *, probe: str = "hnas_tf.training.probe"
) -> "LocalEngine":
    """Returns the engine of a search on whatever this machine has.

    Args:
        config: Of the search.
        probe: The module that a child runs to count the accelerators.
    """
    return LocalEngine(
        config.evaluator,
        config_to_document(config),
        devices=find_devices(probe, num_workers=config.workers.num_workers),
        workers=config.workers,
    )


class LocalEngine:
    """Keeps one child per device; replaces it when it dies or has served.

    Everything is decided in the thread that calls `next_events`; the threads
    of the children only bring their reports.
    """

    def __init__(
        self,
        evaluator: str,
        config: dict[str, Any],
        *,
        devices: Sequence[Device],
        workers: WorkersConfig,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Starts nothing yet; entering does.

        Args:
            evaluator: The import path `module:factory` of an
                `EvaluatorFactory`, resolved by each child.
            config: What the factory is given, JSON values.
            devices: One for every worker.
            workers: Timeouts and counts.
            clock: In seconds.
        """
        self._start = {"evaluator": evaluator, "config": config}
        self._devices = devices
        self._config = workers
        self._clock = clock
        self._reports: queue.Queue[Report] = queue.Queue()
        self._workers: list[_Worker] = []

    def __enter__(self) -> "LocalEngine":
        """Starts a child on every device."""
        try:
            for number, device in enumerate(self._devices, start=1):
                child = self._start_child(number, device)
                self._workers.append(_Worker(number, device, child))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        """Kills the children: what they were at is tried again another time."""
        while self._workers:
            self._workers.pop().child.kill()

    @property
    def num_idle(self) -> int:
        """The number of workers that are ready and have no task."""
        return sum(self._is_idle(worker) for worker in self._workers)

    def submit(self, task: Task) -> None:
        """Hands an individual to an idle worker.

        Raises:
            StopIteration: if no worker is idle.
        """
        worker = next(w for w in self._workers if self._is_idle(w))
        worker.task = task
        limit = self._config.candidate_timeout_seconds
        worker.deadline = self._clock() + limit
        worker.child.send(
            {
                "kind": "submit",
                "individual": task.individual,
                "attempt": task.attempt,
                "genotype": genotype_to_json(task.genotype),
            }
        )

    def go_on(self, individual: int, attempt: int) -> None:
        """Answers a progress: the training goes on."""
        self._answer("go_on", individual, attempt)

    def stop(self, individual: int, attempt: int) -> None:
        """Answers a progress: the training ends with what it has."""
        self._answer("stop", individual, attempt)

    def next_events(self) -> list[Event]:
        """Waits for an event; returns it and all that arrived with it."""
        events: list[Event] = []
        while not events:
            for report in self._next_reports():
                events += self._take(report)
            events += self._overdue()
        return events

    def _next_reports(self) -> list[Report]:
        """Returns all reports; waits for one until the next deadline."""
        deadlines = [w.deadline for w in self._workers if w.task is not None]
        wait = min(deadlines) - self._clock() if deadlines else None
        try:
            reports = [self._reports.get(timeout=wait and max(wait, 0.001))]
        except queue.Empty:
            return []
        while not self._reports.empty():
            reports.append(self._reports.get())
        return reports

    def _take(self, report: Report) -> list[Event]:
        """Returns the events of a report; none if its child was given up."""
        worker = next(
            (w for w in self._workers if w.child is report.child), None
        )
        if worker is None:
            return []
        if report.document is None:
            return self._take_end(worker)
        event = from_document(report.document)
        if isinstance(event, Ready):
            worker.is_ready = True
            worker.num_dead_starts = 0
        elif isinstance(event, Finished | Failed):
            worker.task = None
            worker.num_served += 1
            # What failed may have left its process in any state.
            full = worker.num_served >= self._config.recycle_worker_after
            if full or isinstance(event, Failed):
                self._replace(worker)
        return [event]

    def _take_end(self, worker: _Worker) -> list[Event]:
        """Returns what it means that a worker's child has ended."""
        words = worker.child.last_words()
        task, was_ready = worker.task, worker.is_ready
        if not was_ready:
            worker.num_dead_starts += 1
            if worker.num_dead_starts >= MAX_DEAD_STARTS:
                return [Unusable(worker.number, words)]
        self._replace(worker)
        return [Lost(task.individual, task.attempt, words)] if task else []

    def _overdue(self) -> list[Event]:
        """Returns the failures of candidates that outlived their time."""
        now = self._clock()
        events: list[Event] = []
        for worker in self._workers:
            task = worker.task
            if task is not None and worker.deadline <= now:
                limit = self._config.candidate_timeout_seconds
                detail = f"It took more than {limit:g} seconds."
                self._replace(worker)
                events.append(
                    Failed(task.individual, task.attempt, TIME_LIMIT, detail)
                )
        return events

    def _replace(self, worker: _Worker) -> None:
        worker.child.kill()
        worker.child = self._start_child(worker.number, worker.device)
        worker.task, worker.is_ready, worker.num_served = None, False, 0

    def _start_child(self, number: int, device: Device) -> ChildProcess:
        threads = self._config.threads_per_worker
        child = ChildProcess(
            environment(device, threads=threads), self._reports
        )
        child.send({"kind": "start", "worker": number, **self._start})
        return child

    def _answer(self, kind: str, individual: int, attempt: int) -> None:
        for worker in self._workers:
            task = worker.task
            if task and (task.individual, task.attempt) == (
                individual,
                attempt,
            ):
                worker.child.send({"kind": kind})
                return
        raise HnasError(
            "Expected an answer to a candidate that is being trained. "
            f"Received: one to individual {individual}, attempt {attempt}"
        )

    @staticmethod
    def _is_idle(worker: _Worker) -> bool:
        return worker.is_ready and worker.task is None
