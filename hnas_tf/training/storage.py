"""Files of a final training, on a disk or in a bucket (gs://)."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import tensorflow as tf

from hnas_tf import files
from hnas_tf.errors import ArchiveError, first_line


@contextlib.contextmanager
def in_a_sentence(doing: str, path: str) -> Iterator[None]:
    """Says in a sentence that TensorFlow cannot do something with a path.

    Raises:
        ArchiveError: if it cannot.
    """
    try:
        yield
    except tf.errors.OpError as error:
        raise ArchiveError(
            f"Expected to {doing} {path}. Received: {first_line(error)}"
        ) from error


def is_remote(path: str) -> bool:
    """Returns whether a path is no path of this machine's file system."""
    return "://" in path


def write_bytes(path: str, content: bytes) -> None:
    """Writes a file, whole or not at all; a bucket's objects always are.

    Raises:
        ArchiveError: if it cannot be written.
    """
    if not is_remote(path):
        return files.write_bytes(path, content)
    with in_a_sentence("write", path):
        tf.io.gfile.makedirs(path.rpartition("/")[0])
        with tf.io.gfile.GFile(path, "wb") as file:
            file.write(content)
    return None


def read_bytes(path: str, most: int = -1) -> bytes:
    """Returns the content of a file, or its first bytes.

    Args:
        path: Of the file.
        most: How many bytes; -1: all.

    Raises:
        ArchiveError: if it cannot be read.
    """
    with in_a_sentence("read", path), tf.io.gfile.GFile(path, "rb") as file:
        return bytes(file.read(most))


def write_json(path: str, document: dict[str, Any]) -> None:
    """Writes JSON values, as `write_bytes` does."""
    text = json.dumps(document, indent=2) + "\n"
    write_bytes(path, text.encode("utf-8"))


def read_json(path: str) -> dict[str, Any]:
    """Returns the JSON object in a file.

    Raises:
        ArchiveError: if it cannot be read, is too large, or says something
            else.
    """
    content = read_bytes(path, files.MAX_JSON_BYTES + 1)
    try:
        return dict(files.parse_json(content))
    except (ValueError, TypeError) as error:
        raise ArchiveError(
            f"Expected JSON in {path}. Received: {error}"
        ) from error


def exists(path: str) -> bool:
    """Returns whether there is a file or a folder."""
    with in_a_sentence("look at", path):
        return bool(tf.io.gfile.exists(path))


def size(path: str) -> int:
    """Returns the bytes of a file that exists."""
    with in_a_sentence("look at", path):
        return int(tf.io.gfile.stat(path).length)
