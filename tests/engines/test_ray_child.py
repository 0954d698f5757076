"""How a child of Ray ends, and what is known of it then."""

import queue
import time

import pytest

from hnas_tf.config import ClusterConfig
from hnas_tf.engines.child_process import STARTED
from tests import processes, rays

pytestmark = rays.needs_ray


@pytest.fixture(scope="module")
def ray_child():
    """The module; Ray is imported once it is told how it is to listen."""
    with rays.environment(processes.new_mark()):
        from hnas_tf.engines import ray_child

        yield ray_child


class Call:
    """A method of an actor; calls of it are noted."""

    def __init__(self, name, log):
        self._name, self._log = name, log

    def remote(self, *arguments):
        self._log.append(self._name)
        return self._name


class Calls:
    """An actor, and the Ray by which it fails to listen.

    Attributes:
        log: The methods that were called.
    """

    def __init__(self, error):
        self.log = []
        self._error = error
        for name in ("node", "listen", "end"):
            setattr(self, name, Call(name, self.log))

    def wait(self, answers, *, timeout):
        return answers, []

    def get(self, answer, *, timeout=None):
        if answer == "listen":
            raise self._error
        return "10.0.0.7"

    def kill(self, actor):
        self.log.append("kill")


def ended(ray_child, monkeypatch, error, *, is_alive=True):
    """Returns a child that could not be heard, once it is killed; its calls."""
    calls, messages = Calls(error), queue.Queue()
    monkeypatch.setattr(ray_child, "ray", calls)
    monkeypatch.setattr(ray_child, "_machine_of", lambda _: {"Alive": is_alive})
    child = ray_child.RemoteChild(calls, messages)
    assert messages.get(timeout=60).document == STARTED
    assert messages.get(timeout=60).document is None
    child.kill()
    return child, calls


def died(ray_child, words, *, preempted=False):
    return ray_child.RayActorError(error_msg=words, preempted=preempted)


def test_a_silent_machine_is_lost_and_not_asked_to_end_its_child(
    ray_child, monkeypatch
):
    silent = ray_child.GetTimeoutError()
    child, calls = ended(ray_child, monkeypatch, silent)
    assert (child.lost_machine, child.was_preempted) == (True, False)
    assert child.last_words() == "Its machine was silent for 60 s."
    assert calls.log == ["node", "listen", "kill"]


def test_a_machine_that_ray_does_not_reach_is_lost(ray_child, monkeypatch):
    unreached = ray_child.ActorUnavailableError("Socket closed", None)
    child, _ = ended(ray_child, monkeypatch, unreached)
    assert child.lost_machine
    assert "Its machine was lost: " in child.last_words()
    assert "Socket closed" in child.last_words()


@pytest.mark.parametrize("is_alive", [True, False])
def test_a_supervisor_dies_alone_or_with_its_machine(
    ray_child, monkeypatch, is_alive
):
    words = (
        "It died.\n\tpid: 7\nKilled: the node runs low on memory.\nSo it is."
    )
    error = died(ray_child, words)
    child, _ = ended(ray_child, monkeypatch, error, is_alive=is_alive)
    assert child.lost_machine != is_alive
    assert not child.was_preempted
    assert child.last_words() == (
        "Its supervisor died: Killed: the node runs low on memory.\nSo it is."
    )


def test_a_preemption_that_was_announced_is_one(ray_child, monkeypatch):
    error = died(ray_child, "It died.", preempted=True)
    child, _ = ended(ray_child, monkeypatch, error)
    assert child.was_preempted


class Hangs:
    def __init__(self):
        time.sleep(600)

    def node(self):
        return "nowhere"


class CannotBegin:
    def __init__(self):
        raise ModuleNotFoundError("No module named 'hnas_tf'")

    def node(self):
        return "nowhere"


@pytest.fixture(scope="module")
def actor_of(ray_child):
    """Starts an actor of a class, on a Ray of this machine."""
    import ray

    from hnas_tf.engines import ray_cluster

    def start(cls, **options):
        return ray.remote(cls).options(num_cpus=0, **options).remote()

    ray_cluster.connect(ClusterConfig(engine="ray"))
    yield start
    ray.shutdown()


def test_a_supervisor_that_hangs_at_its_start_has_a_place(
    ray_child, actor_of, monkeypatch
):
    monkeypatch.setattr(ray_child, "_LOOK_SECONDS", 0.1)
    waits = actor_of(Hangs, resources={"nowhere": 1})
    messages = queue.Queue()
    child = ray_child.RemoteChild(actor_of(Hangs), messages)
    assert messages.get(timeout=60).document == STARTED
    assert ray_child._machine_of(waits) is None
    child.kill()
    assert messages.get(timeout=60).document is None
    assert not child.lost_machine


def test_why_a_supervisor_could_not_begin_is_its_last_line(ray_child, actor_of):
    messages = queue.Queue()
    child = ray_child.RemoteChild(actor_of(CannotBegin), messages)
    while messages.get(timeout=60).document is not None:
        pass
    child.kill()
    last = child.last_words().splitlines()[-1]
    assert last == "ModuleNotFoundError: No module named 'hnas_tf'"
