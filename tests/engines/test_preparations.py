"""Preparing now, and ahead in a second thread."""

import threading

import pytest

from hnas_tf import load_genotype
from hnas_tf.engines import Task
from hnas_tf.engines.preparations import Preparations

GENOTYPE = load_genotype("liu2018")
FIRST, SECOND = (Task(number, 1, GENOTYPE) for number in (1, 2))
BOUND_SECONDS = 60.0


class Recorder:
    """Prepares when it is let; tells what was done in which thread."""

    def __init__(self):
        self.log = []
        self.is_let = threading.Event()

    def prepare(self, task):
        assert self.is_let.wait(BOUND_SECONDS)
        is_here = threading.current_thread() is threading.main_thread()
        self.log.append((task.individual, is_here))
        return f"network {task.individual}"


@pytest.fixture
def recorder():
    return Recorder()


def test_what_is_not_ahead_is_prepared_in_this_thread(recorder):
    recorder.is_let.set()
    assert Preparations(recorder.prepare).take(FIRST) == "network 1"
    assert recorder.log == [(1, True)]


def test_what_is_ahead_is_prepared_in_another_thread(recorder):
    preparations = Preparations(recorder.prepare)
    preparations.begin(SECOND)
    # This thread is not held up; what it does meanwhile lets the other go on.
    assert recorder.log == []
    recorder.is_let.set()
    assert preparations.take(SECOND) == "network 2"
    assert recorder.log == [(2, False)]


def test_what_was_taken_is_ahead_no_more(recorder):
    recorder.is_let.set()
    preparations = Preparations(recorder.prepare)
    preparations.begin(SECOND)
    preparations.take(SECOND)
    preparations.take(SECOND)
    assert recorder.log == [(2, False), (2, True)]


def test_another_one_is_prepared_when_the_one_ahead_is_done(recorder):
    preparations = Preparations(recorder.prepare)
    preparations.begin(SECOND)
    recorder.is_let.set()
    assert preparations.take(FIRST) == "network 1"
    assert recorder.log == [(2, False), (1, True)]


def test_another_attempt_is_another_one(recorder):
    recorder.is_let.set()
    preparations = Preparations(recorder.prepare)
    preparations.begin(SECOND)
    preparations.take(Task(2, 2, GENOTYPE))
    assert recorder.log == [(2, False), (2, True)]


@pytest.mark.parametrize("error", [MemoryError(), ValueError("in words")])
def test_what_a_preparation_raised_is_raised_when_it_is_taken(error):
    def prepare(task):
        if task == SECOND:
            raise error
        return "network"

    preparations = Preparations(prepare)
    preparations.begin(SECOND)
    with pytest.raises(type(error)) as caught:
        preparations.take(SECOND)
    assert caught.value is error
    assert preparations.take(FIRST) == "network"


def test_the_failure_of_one_ahead_does_not_concern_another():
    def prepare(task):
        if task == SECOND:
            raise ValueError
        return "network"

    preparations = Preparations(prepare)
    preparations.begin(SECOND)
    assert preparations.take(FIRST) == "network"
