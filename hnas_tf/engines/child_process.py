"""A child as its parent sees it: a process, its pipes, its last words."""

import collections
import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from typing import Any, NamedTuple

_LAST_LINES = 20


class Report(NamedTuple):
    """A line of a child; `document` is `None` when its output has ended."""

    child: "ChildProcess"
    document: dict[str, Any] | None


class ChildProcess:
    """A child in a session of its own, so that Ctrl-C reaches the parent only.

    All its reports arrive in the queue that it is given.
    """

    def __init__(
        self, environment: dict[str, str], reports: "queue.Queue[Report]"
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hnas_tf.engines.child"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        self._reports = reports
        self._log: collections.deque[str] = collections.deque(
            maxlen=_LAST_LINES
        )
        self._threads = [
            threading.Thread(target=target, daemon=True)
            for target in (self._read_reports, self._read_log)
        ]
        for thread in self._threads:
            thread.start()

    def send(self, message: dict[str, Any]) -> None:
        """Sends a message; a child that is gone is noticed by its report."""
        pipe = self._process.stdin
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.write(json.dumps(message) + "\n")
                pipe.flush()

    def kill(self) -> None:
        """Ends the child, and whatever it started, and waits for that."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for thread in self._threads:
            thread.join()
        for pipe in (
            self._process.stdin,
            self._process.stdout,
            self._process.stderr,
        ):
            with contextlib.suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()

    def last_words(self) -> str:
        """Returns how a child that has ended did so, and what it said last."""
        code = self._process.wait()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return "\n".join([f"The child ended with {how}.", *self._log])

    def _read_reports(self) -> None:
        for line in self._process.stdout or ():
            self._reports.put(Report(self, json.loads(line)))
        self._reports.put(Report(self, None))

    def _read_log(self) -> None:
        for line in self._process.stderr or ():
            self._log.append(line.rstrip())
