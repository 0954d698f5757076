"""Processes that measure together, begin to end."""

import contextlib
import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from benchmarks.candidates.channel import READY

_ROOT = Path(__file__).parents[2]


class MeasurementError(Exception):
    """A process ended without a result; the reason is what it said last."""


class _Child(NamedTuple):
    process: subprocess.Popen[str]
    log: IO[str]

    def say(self, line: str) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(f"{line}\n")
            self.process.stdin.flush()

    def hear(self) -> str:
        """Returns its next line.

        Raises:
            MeasurementError: if it ended.
        """
        line = self.process.stdout.readline().strip()
        if line:
            return line
        code = self.process.wait()
        self.log.seek(0)
        said = self.log.read().strip().splitlines()
        reason = said[-1] if said else "nothing was said"
        raise MeasurementError(f"exit code {code}: {reason}")


def launch(
    command: Sequence[str],
    job: dict[str, Any],
    environment: dict[str, str],
    cores_of_each: Sequence[Sequence[int]],
) -> list[dict[str, Any]]:
    """Starts a process for each set of cores; returns what they found.

    Where they wait for each other, all go on when the last has come.

    Raises:
        MeasurementError: if one ends without a result.
    """
    with contextlib.ExitStack() as stack:
        children = [
            stack.enter_context(_started(command, environment))
            for _ in cores_of_each
        ]
        for child, cores in zip(children, cores_of_each, strict=True):
            child.say(json.dumps({**job, "cores": list(cores)}))
        lines = [child.hear() for child in children]
        while READY in lines:
            for child in children:
                child.say("go")
            lines = [child.hear() for child in children]
        return [json.loads(line) for line in lines]


@contextlib.contextmanager
def _started(
    command: Sequence[str], environment: dict[str, str]
) -> Iterator[_Child]:
    """Yields a process; waits for its end, or ends it after an error."""
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(
            command,
            env={**environment, "PYTHONPATH": str(_ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            yield _Child(process, log)
        except BaseException:
            process.kill()
            raise
