"""What has been measured: a file of JSON lines, one for a measurement."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Key = dict[str, Any]
Found = dict[str, Any]
ERROR = "error"
"""Of what was found, where a process failed: the reason."""


class Results:
    """The measurements in a file, by their keys.

    A key says all that was decided before: who, of what, how, on which machine
    and with which versions. Equal keys are measured once.
    """

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        """Reads what is there, or begins anew."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        if fresh:
            path.unlink(missing_ok=True)
        self._drop_torn_line()
        lines = path.read_text().splitlines()
        self._found: dict[str, Found] = {}
        for entry in map(json.loads, lines):
            self._found[_text(entry["key"])] = entry["found"]

    def get(self, key: Key) -> Found | None:
        """Returns what was found, if it was measured."""
        return self._found.get(_text(key))

    def entries(self) -> Iterator[tuple[Key, Found]]:
        """Yields all measurements."""
        return ((json.loads(key), found) for key, found in self._found.items())

    def add(self, key: Key, found: Found) -> None:
        """Appends a measurement; on return it is on the disk."""
        self._found[_text(key)] = found
        with self._path.open("a") as file:
            file.write(json.dumps({"key": key, "found": found}) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _drop_torn_line(self) -> None:
        """Drops the last line if whoever wrote it was ended on the way."""
        with self._path.open("a+b") as file:
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)


def _text(key: Key) -> str:
    return json.dumps(key, sort_keys=True)
