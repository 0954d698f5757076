"""A worker of an engine: a seat for one child after another."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from hnas_tf.engines.child_process import Child
from hnas_tf.engines.devices import Device
from hnas_tf.engines.evaluator import Task
from hnas_tf.events import OUT_OF_MEMORY, Event, Failed, Finished, Lost

START_SECONDS = 900.0
"""After which a child that is not ready is given up: a driver may hang."""
FREE_ATTEMPTS = 5
"""At an individual in which a machine lost without notice is not its fault.

Later it may be: one that hangs every machine is not tried for ever.
"""


@dataclass
class Worker:
    """A device, the child that sits there, and what it is at.

    Attributes:
        number: The worker's number, from 1.
        device: What its children own.
        start_child: Starts a child for this worker.
        clock: In seconds.
        child: The present one.
        task: What it evaluates.
        ahead: What it prepares meanwhile, or has prepared, to evaluate it next.
        is_shared: Whether its task shares, or has shared, it with another.
        deadline: When its task, or its start, has taken too long.
        is_ready: Whether it can be given a task.
        is_leaving: Whether it has said its last, and is to be replaced when
            that is dealt with.
        num_served: The candidates that it has dealt with.
        num_dead_starts: Children in a row that never became ready.
        complaint: What the child said before it gave up.
    """

    number: int
    device: Device
    start_child: Callable[["Worker"], Child]
    clock: Callable[[], float]
    child: Child = field(init=False)
    task: Task | None = None
    ahead: Task | None = None
    is_shared: bool = False
    deadline: float = 0.0
    is_ready: bool = False
    is_leaving: bool = False
    num_served: int = 0
    num_dead_starts: int = 0
    complaint: str = ""

    def __post_init__(self) -> None:
        """Starts the first child."""
        self._start()

    def has_started(self) -> None:
        """Notes that the child has found its place."""
        self.deadline = self.clock() + START_SECONDS

    def is_idle(self) -> bool:
        """Returns whether the child waits for a task."""
        return self.is_ready and not self.is_leaving and self.task is None

    def waits_until(self) -> float:
        """Returns when the task, or the start, will have taken too long."""
        is_waiting = self.is_leaving or self.is_idle()
        return math.inf if is_waiting else self.deadline

    def submit(
        self, task: Task, ahead: Task | None, *, limit_seconds: float
    ) -> None:
        """Has an individual evaluated, and another one prepared meanwhile."""
        self.is_shared = ahead is not None or task == self.ahead
        self.task, self.ahead = task, ahead
        self.deadline = self.clock() + limit_seconds
        self.child.send(
            {
                "kind": "submit",
                "task": task.to_document(),
                "ahead": ahead and ahead.to_document(),
            }
        )

    def settle(self, end: Finished | Failed, *, recycle_after: int) -> Event:
        """Takes the end of the task, and returns what it means.

        What did not fit beside another individual may fit alone.
        """
        self.task = None
        self.num_served += 1
        # What failed may have left its process in any state.
        is_full = self.num_served >= recycle_after
        self.is_leaving = is_full or isinstance(end, Failed)
        if not isinstance(end, Failed) or end.reason != OUT_OF_MEMORY:
            return end
        if not self.is_shared:
            return end
        detail = f"{end.reason}, beside another individual: {end.detail}"
        return Lost(end.individual, end.attempt, detail)

    def lose(self) -> list[Event]:
        """Returns what it means that the child has died under its task."""
        self.is_leaving = True
        task, self.task = self.task, None
        if task is None:
            return []
        words = self.child.last_words()
        if self.ahead:
            words += f"\nIt also prepared individual {self.ahead.individual}."
        preempted = self.child.was_preempted or (
            self.child.lost_machine and task.attempt <= FREE_ATTEMPTS
        )
        return [Lost(task.individual, task.attempt, words, preempted)]

    def replace(self) -> None:
        """Puts another child in the place of this one."""
        self.child.kill()
        self._start()

    def _start(self) -> None:
        self.child = self.start_child(self)
        self.has_started()
        if self.child.is_pending:
            self.deadline = math.inf
        self.is_ready = self.is_leaving = False
        self.ahead = None
        self.num_served, self.complaint = 0, ""
