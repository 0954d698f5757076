"""TensorBoard's event files, written without TensorFlow.

TensorBoard's own writer imports TensorFlow wherever it is installed, which
would cost a search's process 2 s and some hundred megabytes.
"""

import os
import socket
import struct
import time
from collections.abc import Mapping
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.text.summary_v2 import text_pb
from tensorboard.summary.writer.record_writer import RecordWriter

from hnas_tf.errors import ArchiveError, escaped


def as_code(text: str) -> str:
    """Returns Markdown that shows a text as it is, whatever it holds.

    Nothing ends a block of indented code but a line that is not indented.
    """
    lines = (f"    {escaped(line)}" for line in text.splitlines())
    return "\n".join(["", *lines, ""])


class EventFile:
    """An event file in a run's folder, which TensorBoard shows while it grows.

    Raises:
        ArchiveError: if it cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / (
            f"events.out.tfevents.{time.time():.0f}"
            f".{socket.gethostname()}.{os.getpid()}"
        )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._writer = RecordWriter(self._path.open("wb"))
        except OSError as error:
            raise self._in_words(error) from error
        self._write(Event(wall_time=time.time(), file_version="brain.Event:2"))

    def scalars(
        self, values: Mapping[str, float], *, step: int, wall_time: float
    ) -> None:
        """Writes the values of some tags at a step."""
        summary = Summary(
            value=[
                Summary.Value(tag=tag, simple_value=value)
                for tag, value in values.items()
            ]
        )
        self.summary(summary, step=step, wall_time=wall_time)

    def text(
        self, tag: str, markdown: str, *, step: int, wall_time: float
    ) -> None:
        """Writes a text; what comes from elsewhere belongs `as_code`."""
        summary = text_pb(tag, markdown)
        self.summary(summary, step=step, wall_time=wall_time)

    def image(
        self, tag: str, png: bytes, *, step: int, wall_time: float
    ) -> None:
        """Writes a picture."""
        width, height = struct.unpack(">II", png[16:24])
        image = Summary.Image(
            width=width, height=height, encoded_image_string=png
        )
        summary = Summary(value=[Summary.Value(tag=tag, image=image)])
        self.summary(summary, step=step, wall_time=wall_time)

    def graph(self, graph: GraphDef) -> None:
        """Writes the one graph of the run."""
        content = graph.SerializeToString()
        self._write(Event(wall_time=time.time(), graph_def=content))

    def summary(self, summary: Summary, *, step: int, wall_time: float) -> None:
        """Writes a summary of TensorBoard's or of a plugin."""
        self._write(Event(wall_time=wall_time, step=step, summary=summary))

    def flush(self) -> None:
        """Shows what was written so far."""
        try:
            self._writer.flush()
        except OSError as error:
            raise self._in_words(error) from error

    def close(self) -> None:
        """Ends the file."""
        try:
            self._writer.close()
        except OSError as error:
            raise self._in_words(error) from error

    def _write(self, event: Event) -> None:
        try:
            self._writer.write(event.SerializeToString())
        except OSError as error:
            raise self._in_words(error) from error

    def _in_words(self, error: OSError) -> ArchiveError:
        return ArchiveError(
            f"Expected to write {self._path}. Received: {error.strerror}"
        )
