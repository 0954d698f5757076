"""A child on some machine of a Ray cluster, as its parent sees it."""

import contextlib
import queue
import threading
from typing import Any

import ray
from ray._private import state
from ray.exceptions import (
    ActorUnavailableError,
    GetTimeoutError,
    RayActorError,
    RayError,
)

from hnas_tf.engines.child_process import STARTED, Message

LEASE_SECONDS = 60.0
"""A supervisor that is silent for longer is given up."""
_LOOK_SECONDS = 30.0
_END_SECONDS = 5.0
_LAST_LINES = 20


class RemoteChild:
    """A child whose supervisor is an actor.

    All its messages arrive in the queue that it is given.

    Attributes:
        is_pending: Whether it waits for a place.
        was_preempted: Whether its machine was taken away, as was announced.
        lost_machine: Whether its machine is gone, or silent.
    """

    is_pending = True

    def __init__(self, actor: Any, messages: "queue.Queue[Message]") -> None:
        """Listens to an actor, once that has found a place."""
        self._actor = actor
        self._messages = messages
        self._words = "Its machine did not answer."
        self._answers = threading.Event()
        self.was_preempted = self.lost_machine = False
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def send(self, message: dict[str, Any]) -> None:
        """Sends a message; a child that is gone is noticed by its report."""
        self._actor.send.remote(message)

    def kill(self) -> None:
        """Ends the child, and the actor, and waits a moment for that.

        All that it said has arrived then, unless its machine is gone.
        """
        if self._answers.is_set():
            # Whoever does not answer is gone, or goes with the actor.
            with contextlib.suppress(RayError):
                ray.get(self._actor.end.remote(), timeout=_END_SECONDS)
                self._thread.join(_END_SECONDS)
        ray.kill(self._actor)
        # Without its head, Ray does not say that an actor is gone.
        self._thread.join(_END_SECONDS)

    def last_words(self) -> str:
        """Returns how a killed or dead child ended, and what it said last."""
        return self._words

    def _listen(self) -> None:
        try:
            self._hear(self._await_place())
        except GetTimeoutError:
            self.lost_machine = True
            self._words = f"Its machine was silent for {LEASE_SECONDS:g} s."
        except ActorUnavailableError as error:
            self.lost_machine = True
            self._words = f"Its machine was lost: {_last_lines(error)}"
        except RayActorError as error:
            self.was_preempted = bool(error.preempted)
            self.lost_machine = _is_on_dead_machine(self._actor)
            self._words = f"Its supervisor died: {_last_lines(error)}"
        except RayError as error:
            self._words = _last_lines(error)
        finally:
            self._answers.clear()
            self._put(None)

    def _await_place(self) -> str:
        """Waits for the supervisor, and says when it has a place.

        Returns:
            The address of that.
        """
        address = self._actor.node.remote()
        while not _is_ready(address) and _machine_of(self._actor) is None:
            pass
        self._put(STARTED)
        return str(ray.get(address))

    def _hear(self, node: str) -> None:
        """Puts what the child says into the queue, until it ends."""
        self._answers.set()
        last_words = None
        while last_words is None:
            heard = self._actor.listen.remote()
            said, last_words = ray.get(heard, timeout=LEASE_SECONDS)
            for document in said:
                self._put(document)
        self._words = f"On {node}: {last_words}"

    def _put(self, document: dict[str, Any] | None) -> None:
        self._messages.put(Message(self, document))


def _is_ready(answer: Any) -> bool:
    """Returns whether there is an answer, or an error, after a while."""
    ready, _ = ray.wait([answer], timeout=_LOOK_SECONDS)
    return bool(ready)


def _machine_of(actor: Any) -> dict[str, Any] | None:
    """Returns what Ray knows of an actor's machine, once it has a place."""
    # Only there Ray says where an actor is that has not begun yet.
    address = state.actors(actor._actor_id.hex()).get("Address")
    if address is None or not address["IPAddress"]:
        return None
    nodes = (n for n in ray.nodes() if n["NodeID"] == address["NodeID"])
    return next(nodes, None)


def _is_on_dead_machine(actor: Any) -> bool:
    machine = _machine_of(actor)
    return machine is not None and not machine["Alive"]


def _last_lines(error: RayError) -> str:
    """Returns what Ray says in the end; first it says that it is an error."""
    lines = [line for line in str(error).splitlines() if line[:1] != "\t"]
    return "\n".join((lines[1:] or lines)[-_LAST_LINES:])
