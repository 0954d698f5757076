"""Whether Ray itself is there, without which a search cannot go on."""

import socket
import time
from collections.abc import Callable, Mapping

from hnas_tf.errors import HnasError

GONE_SECONDS = 20.0
"""After so much silence Ray is given up.

A minute after its head is gone, Ray ends the program that uses it, which is
told nothing (`gcs_rpc_server_reconnect_timeout_s`).
"""
LOOK_SECONDS = 2.0
"""So often it is looked whether Ray answers."""

Address = tuple[str, int]


class RayHealth:
    """Looks now and then whether the processes answer that Ray consists of."""

    def __init__(
        self,
        addresses: Mapping[str, Address],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Does not look yet.

        Args:
            addresses: Where they listen, by what they are.
            clock: In seconds.
        """
        self._addresses = addresses
        self._clock = clock
        self._due = clock()
        self._silent_since: float | None = None

    def look(self) -> bool:
        """Returns whether all answered, the last time that they were asked.

        Raises:
            HnasError: if one has not for `GONE_SECONDS`.
        """
        if self._clock() >= self._due:
            self._ask()
            self._due = self._clock() + LOOK_SECONDS
        return self._silent_since is None

    def wait(self) -> None:
        """Waits until all answer.

        Raises:
            HnasError: if one has not for `GONE_SECONDS`.
        """
        while not self.look():
            time.sleep(LOOK_SECONDS / 2)

    def _ask(self) -> None:
        silent = [
            f"{name} at {host}:{port}"
            for name, (host, port) in self._addresses.items()
            if not _answers((host, port))
        ]
        now = self._clock()
        if not silent:
            self._silent_since = None
        elif self._silent_since is None:
            self._silent_since = now
        elif now - self._silent_since >= GONE_SECONDS:
            raise HnasError(
                f"Expected an answer from {silent[0]}. Received: none for "
                f"{GONE_SECONDS:g} seconds; what was finished is kept, and "
                "the same command goes on"
            )


def _answers(address: Address) -> bool:
    try:
        with socket.create_connection(address, timeout=LOOK_SECONDS):
            return True
    except OSError:
        return False
