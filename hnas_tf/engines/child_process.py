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
from typing import Any, NamedTuple, Protocol

from hnas_tf.errors import HnasError

_LAST_LINES = 20
_END_SECONDS = 5.0

STARTED = {"kind": "started"}
"""What comes first of a child that had to wait for a place."""


class Child(Protocol):
    """Who evaluates, as its parent sees it; its messages arrive in a queue.

    Attributes:
        is_pending: Whether it waits for a place, and says when it has one.
        was_preempted: Whether its machine was taken away, as was announced.
        lost_machine: Whether its machine is gone, or silent.
    """

    is_pending: bool
    was_preempted: bool
    lost_machine: bool

    def send(self, message: dict[str, Any]) -> None:
        """Sends a message; a child that is gone is noticed by its report."""

    def kill(self) -> None:
        """Ends the child, and whatever it started, and waits for that."""

    def last_words(self) -> str:
        """Returns how a killed or dead child ended, and what it said last."""


class Message(NamedTuple):
    """A line of a child; `document` is `None` when its output has ended."""

    child: Child
    document: dict[str, Any] | None


class ChildProcess:
    """A child in a session of its own, so that Ctrl-C reaches the parent only.

    All its messages arrive in the queue that it is given.

    Raises:
        HnasError: if no process can be started.
    """

    is_pending = was_preempted = lost_machine = False

    def __init__(
        self, environment: dict[str, str], messages: "queue.Queue[Message]"
    ) -> None:
        self._process = start_python(
            *("-m", "hnas_tf.engines.child"),
            env=environment,
            stderr=subprocess.PIPE,
            errors="replace",
        )
        self._is_killed = self._died_alone = False
        self._has_ended = threading.Event()
        self._messages = messages
        self._log: collections.deque[str] = collections.deque(
            maxlen=_LAST_LINES
        )
        self._threads = [
            threading.Thread(target=target, daemon=True)
            for target in (self._read_messages, self._read_log)
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
        """Ends the child, and whatever it started, and waits for that.

        All that it said has arrived then, unless what it started in a session
        of its own still holds its pipes. One that a driver does not let go of
        is waited for no longer.
        """
        if self._is_killed:
            return
        self._is_killed, self._died_alone = True, self._has_ended.is_set()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        if self._is_gone():
            for thread in self._threads:
                thread.join(_END_SECONDS)
        with contextlib.suppress(BrokenPipeError):
            if self._process.stdin is not None:
                self._process.stdin.close()

    def _is_gone(self) -> bool:
        """Returns whether a killed child has ended, after a while."""
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            print(
                f"warning: process {self._process.pid} does not end, though "
                "it was killed: a driver may hang, or a disk",
                file=sys.stderr,
            )
            return False
        return True

    def last_words(self) -> str:
        """Returns how a killed or dead child ended, and what it said last."""
        return "\n".join([f"The child {self._how()}.", *self._log])

    def _how(self) -> str:
        code = self._process.poll()
        if code is None:
            return "has not ended, though it was killed"
        if code == -signal.SIGKILL and self._died_alone:
            return f"ended with signal {-code}: the system may lack memory"
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return f"ended with {how}"

    def _read_messages(self) -> None:
        try:
            with self._process.stdout or contextlib.nullcontext(()) as pipe:
                for line in pipe:
                    self._messages.put(Message(self, json.loads(line)))
        except ValueError:
            # Half a line: the child died while it wrote, and has ended.
            self._log.append(f"Its last line was no JSON: {line[-200:]}")
        finally:
            self._has_ended.set()
            self._messages.put(Message(self, None))

    def _read_log(self) -> None:
        with self._process.stderr or contextlib.nullcontext(()) as pipe:
            for line in pipe:
                self._log.append(line.rstrip())


def start_python(*arguments: str, **options: Any) -> "subprocess.Popen[str]":
    """Starts a Python that is spoken with, in a session of its own.

    Args:
        arguments: Of Python.
        options: Of `subprocess.Popen`.

    Raises:
        HnasError: if no process can be started.
    """
    try:
        return subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C reaches the parent only.
            **options,
        )
    except OSError as error:
        raise HnasError(
            f"Expected to start a child process. Received: {error.strerror}"
        ) from error
