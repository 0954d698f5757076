"""A Ray actor: a child on some machine, and its pipes.

Imports Ray, hence NumPy, and is imported where Ray is asked for alone.
"""

import contextlib
import os
import queue
import stat
import tempfile
from pathlib import Path
from typing import Any

import ray

from hnas_tf import files
from hnas_tf.engines.child_process import ChildProcess, Message
from hnas_tf.engines.devices import GPU, TPU, Device
from hnas_tf.engines.environment import child_environment
from hnas_tf.errors import ArchiveError
from hnas_tf.events import Unusable, to_document

HEARTBEAT_SECONDS = 5.0
"""After so much silence a supervisor says that it lives."""

Files = dict[str, bytes]


class Supervisor:
    """Starts a child, speaks with it, and ends with it."""

    def __init__(
        self, kind: str, threads: int, pictures: Files | None = None
    ) -> None:
        """Starts the child on what Ray has reserved.

        Args:
            kind: Of the device.
            threads: CPU threads of the child.
            pictures: The files of the search's pictures, by name.
        """
        self._messages: queue.Queue[Message] = queue.Queue()
        environment = child_environment(_reserved(kind), threads=threads)
        self._child = ChildProcess(environment, self._messages)
        self._pictures = pictures

    def node(self) -> str:
        """Returns the address of the machine; it is there when this is."""
        return str(ray.util.get_node_ip_address())

    def send(self, message: dict[str, Any]) -> None:
        """Hands a message to the child; first, brings its pictures."""
        if message["kind"] == "start" and self._pictures is not None:
            try:
                _bring_pictures(message["config"]["data"], self._pictures)
            except (OSError, ArchiveError) as error:
                self._give_up(message["worker"], f"No pictures: {error}")
                return
            self._pictures = None
        self._child.send(message)

    def _give_up(self, worker: int, reason: str) -> None:
        document = to_document(Unusable(worker, reason))
        self._messages.put(Message(self._child, document))
        self._child.kill()

    @ray.method(concurrency_group="listening")
    def listen(self) -> tuple[list[dict[str, Any]], str | None]:
        """Waits for the child; returns what it said, and its last words.

        The last words are `None` while it lives. Nothing is said, after
        `HEARTBEAT_SECONDS`, by one who works.
        """
        try:
            found = [self._messages.get(timeout=HEARTBEAT_SECONDS)]
        except queue.Empty:
            return [], None
        while not self._messages.empty():
            found.append(self._messages.get())
        said = [m.document for m in found if m.document is not None]
        has_ended = len(said) < len(found)
        if has_ended:
            self._child.kill()
        return said, self._child.last_words() if has_ended else None

    def end(self) -> None:
        """Ends the child, and whatever it started."""
        self._child.kill()


def _reserved(kind: str) -> Device:
    """Returns the device that Ray has reserved for this process."""
    if kind == GPU:
        # Ray says by CUDA_VISIBLE_DEVICES which; these count among them.
        return Device(GPU, tuple(range(len(ray.get_gpu_ids()))))
    if kind == TPU:
        chips = ray.get_runtime_context().get_accelerator_ids()["TPU"]
        return Device(TPU, tuple(map(int, chips)))
    return Device(kind, ())


def _bring_pictures(data: dict[str, Any], pictures: Files) -> None:
    """Has the child read pictures on its own machine.

    They are written once per machine: workers share the files.
    """
    if (Path(data["prepared_dir"]) / data["fingerprint"]).exists():
        return  # It is the machine of the search itself.
    root = _own_folder()
    folder = root / data["fingerprint"]
    if not folder.exists():
        with tempfile.TemporaryDirectory(dir=root, prefix=".new-") as new:
            # Synced: after a reset, the folder says that they are there.
            for name, content in pictures.items():
                files.write_bytes(Path(new) / name, content)
            try:
                Path(new).rename(folder)
            except OSError:
                # Another worker of this machine may have been faster.
                if not folder.exists():
                    raise
    data["prepared_dir"] = str(root)


def _own_folder() -> Path:
    """Returns a folder that nobody else can write to, the same if it can be."""
    root = Path(tempfile.gettempdir()) / f"hnas_tf-{os.getuid()}"
    with contextlib.suppress(FileExistsError):
        root.mkdir(mode=0o700)
    # Its name can be guessed: another user may have been there first.
    found = root.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid():
        return root
    return Path(tempfile.mkdtemp(prefix="hnas_tf-"))
