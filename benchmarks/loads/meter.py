"""What a search takes of a machine, between two of its individuals."""

import math
import os
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.loads.agenda import Clock
from hnas_tf.archive import Archive
from hnas_tf.engines import Engine
from hnas_tf.events import Event, Ready
from hnas_tf.evolution import Individual


class Mark(NamedTuple):
    """Where a search stands.

    Attributes:
        individuals: How many are settled.
        seconds: Since anything.
        engine_seconds: By the clock of the engine.
        computed: CPU seconds of the loop's thread.
        process: CPU seconds of its whole process.
        listened: Seconds for which the loop waited for workers.
        machine: Of the CPU seconds of all cores, those in which one was busy.
        resident: Bytes of memory that the process holds.
    """

    individuals: int
    seconds: float
    engine_seconds: float
    computed: float
    process: float
    listened: float
    machine: float
    resident: int


class Meter:
    """A watcher that takes two marks.

    Attributes:
        marks: Those that were taken.
    """

    def __init__(
        self, engine: Engine, clock: Clock, *, first: int, last: int
    ) -> None:
        """Listens in on an engine.

        Args:
            engine: Of the search.
            clock: Of the engine.
            first: The individual, in the order of their ends, at which the
                first mark is taken; later, if a worker is not ready yet.
            last: That at which the second one is.
        """
        self.marks: list[Mark] = []
        self._engine, self._clock = engine, clock
        self._first, self._last = first, last
        self._num_settled = 0
        self._ready: set[int] = set()
        self._listened = 0.0
        self._next_events = engine.next_events
        engine.next_events = self._timed

    def begin(self, archive: Archive) -> None:
        """Has nothing to do."""

    def settled(self, individual: Individual, archive: Archive) -> None:
        """Counts an individual, and takes a mark if it is time for one."""
        del individual, archive
        self._num_settled += 1
        may_begin = (
            self._num_settled >= self._first
            and len(self._ready) >= self._engine.num_workers
        )
        is_last = self._num_settled == self._last
        if is_last if self.marks else may_begin:
            self.marks.append(self._mark())

    def end(self, archive: Archive) -> None:
        """Has nothing to do."""

    def _mark(self) -> Mark:
        return Mark(
            self._num_settled,
            time.monotonic(),
            self._clock(),
            time.thread_time(),
            time.process_time(),
            self._listened,
            busy_seconds(),
            resident_bytes(),
        )

    def _timed(self, within: float = math.inf) -> list[Event]:
        """Returns the next events; notes for how long the loop waits."""
        began, computed = time.monotonic(), time.thread_time()
        events = self._next_events(within)
        lasted = time.monotonic() - began
        self._listened += lasted - (time.thread_time() - computed)
        self._ready |= {e.worker for e in events if isinstance(e, Ready)}
        return events


def busy_seconds() -> float:
    """Returns the CPU seconds that the cores of this machine were busy."""
    first, *_ = Path("/proc/stat").read_text().splitlines()
    _, user, nice, system, _, _, *interrupts = first.split()
    taken = map(int, (user, nice, system, *interrupts[:2]))
    return sum(taken) / os.sysconf("SC_CLK_TCK")


def resident_bytes() -> int:
    """Returns the bytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
