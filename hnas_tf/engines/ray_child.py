"""A child on some machine of a Ray cluster, as its parent sees it."""

import contextlib
import queue
import threading
from typing import Any

import ray
from ray.exceptions import GetTimeoutError, RayActorError, RayError

from hnas_tf.engines.child_process import STARTED, Message
from hnas_tf.errors import first_line

LEASE_SECONDS = 60.0
"""A supervisor that is silent for longer is given up."""
_END_SECONDS = 5.0


class RemoteChild:
    """A child whose supervisor is an actor.

    All its messages arrive in the queue that it is given.

    Attributes:
        is_pending: Whether it waits for a place.
        was_preempted: Whether its machine was taken away.
    """

    is_pending = True

    def __init__(self, actor: Any, messages: "queue.Queue[Message]") -> None:
        """Listens to an actor, once that has found a place."""
        self._actor = actor
        self._messages = messages
        self._words = "Its machine did not answer."
        self._has_place = threading.Event()
        self.was_preempted = False
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def send(self, message: dict[str, Any]) -> None:
        """Sends a message; a child that is gone is noticed by its report."""
        self._actor.send.remote(message)

    def kill(self) -> None:
        """Ends the child, and the actor, and waits a moment for that."""
        if self._has_place.is_set():
            # Whoever does not answer is gone, or goes with the actor.
            with contextlib.suppress(RayError):
                ray.get(self._actor.end.remote(), timeout=_END_SECONDS)
        ray.kill(self._actor)
        # Without its head, Ray does not say that an actor is gone.
        self._thread.join(_END_SECONDS)

    def last_words(self) -> str:
        """Returns how a killed or dead child ended, and what it said last."""
        return self._words

    def _listen(self) -> None:
        try:
            node = ray.get(self._actor.node.remote())
            self._has_place.set()
            self._put(STARTED)
            while True:
                heard = self._actor.listen.remote()
                said, last_words = ray.get(heard, timeout=LEASE_SECONDS)
                for document in said:
                    self._put(document)
                if last_words is not None:
                    self._words = f"On {node}: {last_words}"
                    return
        except GetTimeoutError:
            self._words = f"Its machine was silent for {LEASE_SECONDS:g} s."
        except RayActorError as error:
            self.was_preempted = bool(error.preempted)
            self._words = f"Its machine was lost: {first_line(error)}"
        except RayError as error:
            self._words = first_line(error)
        finally:
            self._put(None)

    def _put(self, document: dict[str, Any] | None) -> None:
        self._messages.put(Message(self, document))
