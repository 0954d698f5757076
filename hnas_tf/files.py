"""Files that appear whole or not at all."""

import contextlib
import os
from pathlib import Path

from hnas_tf.errors import ArchiveError


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
        with temporary.open("wb") as file:
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
    """Writes a text file in UTF-8, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))
