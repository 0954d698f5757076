"""What is known of networks: a file of JSON lines that grows as one asks.

The first line is what they depend on, such as the budget. Every other one is a
training of a network: its accuracy at every share, on the pictures that give
the fitness or on those that no search sees, and the seconds that it took.
"""

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from hnas_tf.errors import InvalidError

TABLE_NAME = "search_quality_trainings.jsonl"

Accuracies = Mapping[float, float]
"""By share of the training."""


class Training(NamedTuple):
    """One training of one network.

    Attributes:
        digest: Of the network.
        part: `validation` or `test`: what it is evaluated on.
        repeat: Which of its trainings, from 1.
    """

    digest: str
    part: str
    repeat: int


def trainings_of(digest: str, part: str, number: int) -> list[Training]:
    """Returns the first ones of a network on a part."""
    return [Training(digest, part, repeat + 1) for repeat in range(number)]


class Found(NamedTuple):
    """What came of a training.

    Attributes:
        accuracies: What it reached.
        building: Seconds of the processor until its network could be trained.
        training: Likewise of the training, evaluations included.
    """

    accuracies: Accuracies
    building: float = 0.0
    training: float = 0.0


class Table:
    """The trainings in a file; several processes may add to it."""

    def __init__(self, path: Path, header: dict[str, Any]) -> None:
        """Reads what is there, if anything.

        Args:
            path: Of the file.
            header: What all trainings in it depend on, as JSON values.

        Raises:
            InvalidError: if those that are there depend on anything else.
        """
        self._path = path
        self._header = header
        self._read_up_to = 0
        self._known: dict[Training, Found] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        with self._locked() as file:
            if not path.stat().st_size:
                file.write(_line(header))
        self.refresh()

    def __len__(self) -> int:
        """Returns how many trainings are known."""
        return len(self._known)

    def get(self, training: Training) -> Accuracies | None:
        """Returns the accuracies of a training, if it took place."""
        if training not in self._known:
            self.refresh()
        found = self._known.get(training)
        return found.accuracies if found else None

    def trainings(self) -> dict[Training, Found]:
        """Returns all that is known, to other processes too."""
        self.refresh()
        return dict(self._known)

    def add(self, training: Training, found: Found) -> None:
        """Adds a training, unless another process was first."""
        with self._locked() as file:
            self.refresh()
            if training in self._known:
                return
            accuracies = {repr(s): a for s, a in found.accuracies.items()}
            line = [*training, accuracies, found.building, found.training]
            file.write(_line(line))
        self.refresh()

    def refresh(self) -> None:
        """Reads what others have added; a torn last line not yet."""
        with self._path.open("rb") as file:
            file.seek(self._read_up_to)
            whole, end, _ = file.read().rpartition(b"\n")
        lines = whole.splitlines()
        if self._read_up_to == 0 and lines:
            self._check(json.loads(lines.pop(0)))
        self._read_up_to += len(whole) + len(end)
        for line in lines:
            digest, part, repeat, accuracies, *seconds = json.loads(line)
            reached = {float(s): a for s, a in accuracies.items()}
            training = Training(digest, part, repeat)
            self._known.setdefault(training, Found(reached, *seconds))

    def _check(self, header: dict[str, Any]) -> None:
        """Refuses trainings that are not comparable; says in what."""
        for name in sorted({*header, *self._header}):
            wanted, found = self._header.get(name), header.get(name)
            if found != wanted:
                raise InvalidError(
                    f"Expected trainings of {name}={wanted}, or another "
                    f"folder. Received: {self._path}, of {name}={found}"
                )

    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        """Holds the file for writing; drops a line that was never finished."""
        with self._path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            whole, end, torn = file.read().rpartition(b"\n")
            if torn:
                file.truncate(len(whole) + len(end))
            file.seek(0, 2)
            yield file


def _line(values: Any) -> bytes:
    return json.dumps(values).encode() + b"\n"
