"""A child that does one thing and exits.

What needs TensorFlow or NumPy, or must not keep an accelerator, is not done in
the process of the controller.
"""

import contextlib
import json
import math
import os
import subprocess
import tempfile
import threading
import time
from typing import IO, Any

from hnas_tf.engines.child_process import start_python
from hnas_tf.engines.environment import training_environment
from hnas_tf.errors import HnasError

_LAST_LINES = 20

Document = dict[str, Any]


class LostChildError(HnasError):
    """A child ended without an answer.

    Attributes:
        timed_out: Whether it was ended for the time that it took.
        exit_code: Of the child; negative for the signal that ended it.
        last_words: The last lines of what it, or a library, said.
    """

    def __init__(
        self,
        message: str,
        *,
        timed_out: bool,
        exit_code: int | None,
        last_words: str,
    ) -> None:
        super().__init__(message)
        self.timed_out = timed_out
        self.exit_code = exit_code
        self.last_words = last_words


def run_errand(
    function: str, document: Document, *, timeout_seconds: float | None = None
) -> Document:
    """Calls a function in a child of its own, and returns what it returns.

    What the function prints on stderr is seen by the user; what libraries log
    there past Python only if the child fails.

    Args:
        function: The import path `module:function`.
        document: What it is given, JSON values.
        timeout_seconds: After which the child is ended: a driver may hang.

    Raises:
        HnasError: if the function raises one.
        LostChildError: if the child fails otherwise.
    """
    start = time.monotonic()
    with tempfile.TemporaryFile("w+", errors="replace") as log:
        answer, code = _answer_of(function, document, log, timeout_seconds)
        if answer is None:
            log.seek(0)
            words = "".join(log.readlines()[-_LAST_LINES:]).strip()
            limit = f" within {timeout_seconds:g} s" if timeout_seconds else ""
            lasted = time.monotonic() - start
            raise LostChildError(
                f"Expected a child to answer {function}{limit}. Received: its "
                f"end, with exit code {code}. {words}".strip(),
                timed_out=lasted >= (timeout_seconds or math.inf),
                exit_code=code,
                last_words=words,
            )
    if "error" in answer:
        raise HnasError(answer["error"])
    return dict(answer["result"])


def _answer_of(
    function: str,
    document: Document,
    log: IO[str],
    timeout_seconds: float | None,
) -> tuple[Document | None, int | None]:
    """Returns what the child says in the end, if it does, and how it ended."""
    terminal = os.dup(2)
    try:
        started = start_python(
            *("-m", "hnas_tf.engines.errand_child", function, str(terminal)),
            env=os.environ | training_environment(tpu=""),
            stderr=log,
            pass_fds=(terminal,),
        )
    finally:
        os.close(terminal)
    with started as process:
        timer = threading.Timer(timeout_seconds or 0.0, process.kill)
        if timeout_seconds is not None:
            timer.start()
        try:
            answer = _converse(process, document)
            return answer, process.wait()
        finally:
            timer.cancel()
            process.kill()


def _converse(
    process: "subprocess.Popen[str]", document: Document
) -> Document | None:
    if process.stdin is None or process.stdout is None:
        return None
    try:
        process.stdin.write(json.dumps(document) + "\n")
        process.stdin.flush()  # It stays open: its end says that we have died.
    except BrokenPipeError:  # It is dead already.
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
    answer = process.stdout.read()
    return dict(json.loads(answer)) if answer.endswith("\n") else None
