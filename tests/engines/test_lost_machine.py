"""A machine that is lost is no failure of whoever was there, up to a point."""

import pytest

from hnas_tf import events
from hnas_tf.config import WorkersConfig
from hnas_tf.engines import Device
from hnas_tf.engines.child_process import Message
from hnas_tf.engines.children import MAX_DEAD_STARTS, ChildrenEngine
from hnas_tf.engines.worker import FREE_ATTEMPTS
from tests.engines.conversation import await_idle, task
from tests.toy_engine import FACTS


class Child:
    is_pending = was_preempted = lost_machine = False

    def __init__(self, engine):
        self._engine = engine

    def send(self, message):
        if message["kind"] == "start":
            self._start(message["worker"])
        else:
            self.dies()

    def dies(self):
        """Ends as its engine will have it."""
        self.was_preempted = self._engine.preempts
        self.lost_machine = self._engine.loses_machines
        self._say(None)

    def kill(self):
        pass

    def last_words(self):
        return "in words"

    def _start(self, worker):
        self._engine.num_starts += 1
        if self._engine.num_starts <= self._engine.num_bad_starts:
            self.dies()
        else:
            ready = events.Ready(worker, FACTS)
            self._say(events.to_document(ready))

    def _say(self, document):
        self._engine.put(Message(self, document))


class Engine(ChildrenEngine):
    def __init__(self, *, preempts=False, loses_machines=False, bad_starts=0):
        config = WorkersConfig()
        super().__init__("a:b", {}, workers=config, clock=lambda: 0.0)
        self.preempts, self.loses_machines = preempts, loses_machines
        self.num_bad_starts, self.num_starts = bad_starts, 0

    def put(self, message):
        self._messages.put(message)

    def _devices(self):
        return [Device("cpu", ())]

    def _new_child(self, device):
        return Child(self)


def lost(engine, attempt):
    """Returns what becomes of an attempt."""
    await_idle(engine)
    engine.submit(task(1, attempt))
    (event,) = engine.next_events()
    return event


@pytest.mark.parametrize(
    ("preempts", "loses_machines", "attempt", "is_preempted"),
    [
        (False, False, 1, False),
        (False, True, 1, True),
        (False, True, FREE_ATTEMPTS, True),
        (False, True, FREE_ATTEMPTS + 1, False),
        (True, True, FREE_ATTEMPTS + 1, True),
    ],
)
def test_a_lost_machine_counts_when_too_many_were_lost(
    preempts, loses_machines, attempt, is_preempted
):
    with Engine(preempts=preempts, loses_machines=loses_machines) as engine:
        event = lost(engine, attempt)
    assert event == events.Lost(1, attempt, "in words", is_preempted)


def test_a_worker_whose_machine_is_lost_at_its_start_is_not_given_up():
    many = MAX_DEAD_STARTS + 2
    with Engine(loses_machines=True, bad_starts=many) as engine:
        await_idle(engine)
        assert (engine.num_starts, engine.num_workers) == (many + 1, 1)
    with Engine(bad_starts=many) as engine:
        assert engine.next_events() == [events.Unusable(1, "in words")]
