"""What is said at which time, and clocks that pass or are skipped."""

import heapq
import itertools
import json
import queue
import time
from typing import Protocol

from hnas_tf.engines.child_process import Child, Message


class Clock(Protocol):
    """Tells the seconds since anything, and can wait."""

    def __call__(self) -> float: ...

    def wait(self, seconds: float) -> None: ...


class RealClock:
    """Waits as everyone does."""

    def __call__(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


class SkippingClock:
    """Goes with the CPU time of this thread, and skips all waits.

    What a disk or another process takes is left out: as much time passes as
    the program computes, and as it would have waited for its workers.
    """

    def __init__(self) -> None:
        self._skipped = 0.0

    def __call__(self) -> float:
        return self._skipped + time.thread_time()

    def wait(self, seconds: float) -> None:
        self._skipped += seconds


class Agenda:
    """The queue of an engine, into which messages come at their time."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._coming: list[tuple[float, int, Child, str]] = []
        self._order = itertools.count()

    def put_at(self, due: float, child: Child, line: str) -> None:
        """Has a child say a line of JSON at a time."""
        entry = (due, next(self._order), child, line)
        heapq.heappush(self._coming, entry)

    def empty(self) -> bool:
        """Returns whether nothing has come."""
        return not self._coming or self._coming[0][0] > self.clock()

    def get(self, timeout: float = 0.0) -> Message:
        """Waits for the next message.

        Raises:
            queue.Empty: if none comes in as many seconds.
        """
        now = self.clock()
        if not self._coming or self._coming[0][0] > now + timeout:
            self.clock.wait(timeout)
            raise queue.Empty
        due, _, child, line = heapq.heappop(self._coming)
        self.clock.wait(max(0.0, due - now))
        return Message(child, json.loads(line))
