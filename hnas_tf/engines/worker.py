"""A worker of the local engine: a seat for one child after another."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hnas_tf.engines.child_process import ChildProcess
from hnas_tf.engines.devices import Device
from hnas_tf.engines.evaluator import Task

START_SECONDS = 900.0
"""After which a child that is not ready is given up: a driver may hang."""


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
    start_child: Callable[["Worker"], ChildProcess]
    clock: Callable[[], float]
    child: ChildProcess = field(init=False)
    task: Task | None = None
    deadline: float = 0.0
    is_ready: bool = False
    is_leaving: bool = False
    num_served: int = 0
    num_dead_starts: int = 0
    complaint: str = ""

    def __post_init__(self) -> None:
        """Starts the first child."""
        self._start()

    def is_idle(self) -> bool:
        """Returns whether the child waits for a task."""
        return self.is_ready and not self.is_leaving and self.task is None

    def is_overdue(self) -> bool:
        """Returns whether the task, or the start, has taken too long."""
        is_busy = not self.is_leaving and not self.is_idle()
        return is_busy and self.clock() >= self.deadline

    def replace(self) -> None:
        """Puts another child in the place of this one."""
        self.child.kill()
        self._start()

    def _start(self) -> None:
        self.child = self.start_child(self)
        self.deadline = self.clock() + START_SECONDS
        self.is_ready = self.is_leaving = False
        self.num_served, self.complaint = 0, ""
