"""An engine of workers that each have a child: here, or elsewhere."""

import abc
import math
import queue
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

from hnas_tf.config import WorkersConfig
from hnas_tf.engines.child_process import STARTED, Child, Message
from hnas_tf.engines.crew import Crew
from hnas_tf.engines.devices import Device
from hnas_tf.engines.evaluator import Task
from hnas_tf.engines.worker import START_SECONDS, Worker
from hnas_tf.errors import HnasError
from hnas_tf.events import (
    TIME_LIMIT,
    Event,
    Failed,
    Finished,
    Ready,
    Unusable,
    from_document,
)

MAX_DEAD_STARTS = 3
_MAX_WAIT_SECONDS = 3600.0
_KILLED_AT_ONCE = 64


class ChildrenEngine(abc.ABC):
    """Keeps one child per device; replaces it when it dies or has served.

    Everything is decided in the thread that calls `next_events`; the threads
    of the children only bring their messages. A child is replaced at the next
    call, when what it said last has been dealt with.
    """

    def __init__(
        self,
        evaluator: str,
        config: dict[str, Any],
        *,
        workers: WorkersConfig,
        clock: Callable[[], float],
    ) -> None:
        """Starts nothing yet; entering does.

        Args:
            evaluator: The import path `module:factory` of an
                `EvaluatorFactory`, resolved by each child.
            config: What the factory is given, JSON values.
            workers: Timeouts and counts.
            clock: In seconds.
        """
        self._start = {"evaluator": evaluator, "config": config}
        self._config = workers
        self._clock = clock
        self._messages: queue.Queue[Message] = queue.Queue()
        self._crew = Crew()
        self._given_up: list[Child] = []

    @abc.abstractmethod
    def _devices(self) -> Sequence[Device]:
        """Returns one device for every worker."""

    @abc.abstractmethod
    def _new_child(self, device: Device) -> Child:
        """Returns a child whose messages arrive in the queue."""

    def __enter__(self) -> Self:
        """Starts a child on every device."""
        try:
            for number, device in enumerate(self._devices(), start=1):
                self._crew.add(
                    Worker(number, device, self._start_child, self._clock)
                )
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        """Kills the children: what they were at is tried again another time.

        Many at once, since one whose machine is gone takes seconds.
        """
        children, self._given_up = self._given_up, []
        while self._crew:
            children.append(self._crew.pop().child)
        with ThreadPoolExecutor(_KILLED_AT_ONCE) as pool:
            list(pool.map(lambda child: child.kill(), children))

    @property
    def num_workers(self) -> int:
        """The number of workers that are not given up as unusable."""
        return len(self._crew)

    @property
    def num_idle(self) -> int:
        """The number of workers that are ready and have no task."""
        return self._crew.num_idle()

    def give_up(self, worker: int) -> None:
        """Gives a worker no work any more.

        It keeps its place, where another one would be no better.
        """
        self._given_up.append(self._crew.take_out(worker).child)

    def has_prepared(self, task: Task) -> bool:
        """Returns whether an idle worker was given it to prepare."""
        return self._crew.prepared(task) is not None

    def submit(self, task: Task, ahead: Task | None = None) -> None:
        """Hands an individual to an idle worker, best to who has prepared it.

        Args:
            task: What is evaluated.
            ahead: What the same worker prepares meanwhile; left alone by one
                that is to be replaced after the task.

        Raises:
            ValueError: if no worker is idle.
        """
        worker = self._crew.best_for(task)
        if worker is None:
            raise ValueError("Expected an idle worker. Received: none")
        is_last = worker.num_served + 1 >= self._config.recycle_worker_after
        worker.submit(
            task,
            None if is_last else ahead,
            limit_seconds=self._config.candidate_timeout_seconds,
        )
        self._crew.note(worker)

    def go_on(self, individual: int, attempt: int) -> None:
        """Answers a progress: the training goes on."""
        self._answer("go_on", individual, attempt)

    def stop(self, individual: int, attempt: int) -> None:
        """Answers a progress: the training ends with what it has."""
        self._answer("stop", individual, attempt)

    def next_events(self, within: float = math.inf) -> list[Event]:
        """Waits for an event; returns it and all that arrived with it.

        Args:
            within: Seconds, after which there need not be any.
        """
        events: list[Event] = []
        end = self._clock() + within
        while not events and self._clock() < end:
            self._crew.replace_leaving()
            for message in self._next_messages(end - self._clock()):
                events += self._take(message)
            for worker in self._crew.overdue(self._clock()):
                events += self._take_overdue(worker)
                self._crew.note(worker)
        return events

    def _next_messages(self, within: float) -> list[Message]:
        """Returns all messages; waits for one until the next deadline."""
        until_look = self._crew.look_at() - self._clock()
        wait = min(_MAX_WAIT_SECONDS, within, until_look)
        try:
            messages = [self._messages.get(timeout=max(wait, 0.001))]
        except queue.Empty:
            return []
        while not self._messages.empty():
            messages.append(self._messages.get())
        return messages

    def _take(self, message: Message) -> list[Event]:
        """Returns the events of a message; none if its child was given up."""
        worker = self._crew.whose(message.child)
        if worker is None or worker.is_leaving:
            return []
        events = self._take_of(worker, message.document)
        self._crew.note(worker)
        return events

    def _take_of(
        self, worker: Worker, document: dict[str, Any] | None
    ) -> list[Event]:
        """Returns the events of what a worker's child has said."""
        if document is None:
            return self._take_end(worker)
        if document == STARTED:
            worker.has_started()
            return []
        event = from_document(document)
        if isinstance(event, Unusable):
            worker.complaint = event.reason
            return []
        if isinstance(event, Ready):
            worker.is_ready = True
            worker.num_dead_starts = 0
        elif isinstance(event, Finished | Failed):
            recycle_after = self._config.recycle_worker_after
            return [worker.settle(event, recycle_after=recycle_after)]
        return [event]

    def _take_end(self, worker: Worker) -> list[Event]:
        """Returns what it means that a worker's child has ended."""
        worker.child.kill()
        if worker.is_ready:
            return worker.lose()
        if worker.child.was_preempted or worker.child.lost_machine:
            worker.is_leaving = True
            return []
        reason = worker.complaint or worker.child.last_words()
        return self._take_dead_start(worker, reason)

    def _take_dead_start(self, worker: Worker, reason: str) -> list[Event]:
        """Lets a worker try to start again, and gives it up in the end."""
        worker.num_dead_starts += 1
        if worker.num_dead_starts < MAX_DEAD_STARTS:
            worker.is_leaving = True
            return []
        self._crew.remove(worker)
        return [Unusable(worker.number, reason)]

    def _take_overdue(self, worker: Worker) -> list[Event]:
        """Returns what it means that a worker has taken too long."""
        task, worker.task = worker.task, None
        worker.child.kill()
        if task is None:
            limit = f"It was not ready after {START_SECONDS:g} seconds."
            return self._take_dead_start(worker, limit)
        worker.is_leaving = True
        limit = f"{self._config.candidate_timeout_seconds:g} seconds."
        detail = f"{worker.child.last_words()}\nIt took more than {limit}"
        return [Failed(task.individual, task.attempt, TIME_LIMIT, detail)]

    def _start_child(self, worker: Worker) -> Child:
        child = self._new_child(worker.device)
        child.send({"kind": "start", "worker": worker.number, **self._start})
        return child

    def _answer(self, kind: str, individual: int, attempt: int) -> None:
        worker = self._crew.at(individual, attempt)
        if worker is None:
            raise HnasError(
                "Expected an answer to a candidate that is being trained. "
                f"Received: one to individual {individual}, attempt {attempt}"
            )
        worker.child.send({"kind": kind})
