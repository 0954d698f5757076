"""Files that appear whole or not at all, and JSON that may be a stranger's."""

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from hnas_tf.errors import ArchiveError

MAX_JSON_BYTES = 2**26
"""Names of a million pictures have room in it."""


def write_bytes(path: str | Path, content: bytes) -> None:
    """Writes a file under a temporary name, then renames it into place.

    Raises:
        ArchiveError: if the folder cannot be written or the disk is full; then
            what stood at `path` before still stands there.
    """
    path = Path(path)
    temporary = path.parent / f".new-{path.name}-{os.getpid()}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)  # It might be a link.
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ArchiveError(
            f"Expected to write {path}. Received: {reason}"
        ) from error
    finally:
        with contextlib.suppress(OSError, ValueError):
            temporary.unlink()


def write_text(path: str | Path, text: str) -> None:
    """Writes a text file in UTF-8, whole or not at all.

    Raises:
        ArchiveError: if it cannot be written, or the text not in UTF-8.
    """
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ArchiveError(
            f"Expected a text for {path} that is Unicode. Received: {error}"
        ) from error
    write_bytes(path, content)


def read_json(path: Path) -> Any:
    """Returns the JSON value in a file.

    Raises:
        OSError: if it cannot be read.
        ValueError: if it is too large, or no JSON in UTF-8.
    """
    with path.open("rb") as file:
        return parse_json(file.read(MAX_JSON_BYTES + 1))


def parse_json(content: bytes) -> Any:
    """Returns the JSON value in the content of a file.

    Raises:
        ValueError: if it is too large, or no JSON in UTF-8.
    """
    if len(content) > MAX_JSON_BYTES:
        raise ValueError(f"more than {MAX_JSON_BYTES} bytes")
    try:
        return json.loads(content.decode("utf-8"))
    except RecursionError as error:
        raise ValueError(str(error)) from error
