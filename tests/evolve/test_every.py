"""A watcher that is told now and then, and never too late."""

import math

import pytest

from hnas_tf.archive import open_search
from hnas_tf.events import Finished
from hnas_tf.evolve import Every, evolve
from tests.evolve.test_evolve import config
from tests.toy import Clock
from tests.toy_engine import ToyEngine


class Notes:
    """Notes what it is told, and when."""

    def __init__(self):
        self.now = 100.0
        self.told = []

    def begin(self, archive):
        self.told.append("begin")

    def settled(self, individual, archive):
        self.told.append(individual)

    def end(self, archive):
        self.told.append("end")


@pytest.fixture
def notes():
    return Notes()


@pytest.fixture
def every(notes):
    every = Every(10.0, notes, clock=lambda: notes.now)
    every.begin("archive")
    return every


def test_it_is_told_at_most_every_so_many_seconds(every, notes):
    for number in range(1, 41):
        notes.now += 1.0
        every.settled(number, "archive")
    assert notes.told == ["begin", 1, 11, 21, 31]


def test_who_could_not_act_is_told_again(every, notes, monkeypatch):
    answers = iter([False, False, True])

    def settled(individual, archive):
        notes.told.append(individual)
        return next(answers)

    monkeypatch.setattr(notes, "settled", settled)
    every.settled(1, "archive")
    assert every.seconds_left() == 10.0
    for _ in range(3):
        notes.now += 10.0
        every.look("archive")
    assert notes.told == ["begin", 1, 1, 1]
    assert every.seconds_left() == math.inf


def test_who_was_settled_too_soon_is_told_when_the_time_has_come(every, notes):
    every.settled(1, "archive")
    assert every.seconds_left() == math.inf
    every.settled(2, "archive")
    every.settled(3, "archive")
    assert every.seconds_left() == 10.0
    notes.now += 9.0
    every.look("archive")
    assert (notes.told, every.seconds_left()) == (["begin", 1], 1.0)
    notes.now += 1.0
    every.look("archive")
    assert (notes.told, every.seconds_left()) == (["begin", 1, 3], math.inf)
    every.look("archive")
    every.end("archive")
    assert notes.told == ["begin", 1, 3, "end"]


class SlowEngine(ToyEngine):
    """Nothing happens for as long as it may wait."""

    def __init__(self, notes):
        super().__init__()
        self._notes = notes

    def next_events(self, within=math.inf):
        if within == math.inf:
            return super().next_events()
        self._notes.now += within
        return []


def test_a_search_waits_no_longer_than_a_watcher_may(tmp_path, notes):
    every = Every(10.0, notes, clock=lambda: notes.now)
    with open_search(tmp_path, config()) as archive:
        evolve(
            config(),
            archive=archive,
            engine=SlowEngine(notes),
            watchers=[every],
        )
        num_settled = len(archive.settled())
    begin, *told, end = notes.told
    # But for the last, whom the end tells of.
    assert [one.number for one in told] == list(range(1, num_settled))
    assert (begin, end) == ("begin", "end")


class LoggedEngine(ToyEngine):
    """Knows whom it has said to be finished."""

    def __init__(self):
        super().__init__()
        self.finished = []

    def next_events(self, within=math.inf):
        events = super().next_events(within)
        self.finished += [e.individual for e in events if type(e) is Finished]
        return events


class Slow(Notes):
    """Whatever has arrived when it begins is written down, if it is killed."""

    def __init__(self, engine):
        super().__init__()
        self._engine = engine

    def settled(self, individual, archive):
        written = {one.number for one in archive.settled()}
        assert written >= set(self._engine.finished)
        super().settled(individual, archive)


def test_what_has_arrived_is_written_before_a_watcher_takes_its_time(tmp_path):
    engine = LoggedEngine()
    slow = Slow(engine)
    its = config(num_evaluations=40)
    # Its time comes at any of the places where it is looked after.
    watchers = [Every(n, slow, clock=Clock()) for n in (2.0, 5.0, 7.0)]
    with open_search(tmp_path, its) as archive:
        evolve(its, archive=archive, engine=engine, watchers=watchers)
    assert len(slow.told) > 10
