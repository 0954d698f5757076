"""Files that appear whole or not at all."""

import os
import tempfile
from pathlib import Path

from hnas_tf.errors import ArchiveError


def write_bytes(path: str | Path, content: bytes) -> None:
    """Writes a file under a temporary name, then renames it into place.

    Raises:
        ArchiveError: if the folder cannot be written or the disk is full; then
            what stood at `path` before still stands there.
    """
    path = Path(path)
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise ArchiveError(
            f"Expected to write {path}. Received: {error.strerror}"
        ) from error


def write_text(path: str | Path, text: str) -> None:
    """Writes a text file in UTF-8, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))
