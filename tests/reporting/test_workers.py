"""How busy workers were follows from what happened, told in seconds."""

import pytest

from hnas_tf.archive import Happening
from hnas_tf.reporting.workers import Workers

TWO = [(0, "ready", 1), (0, "ready", 2)]


def told(*happenings):
    """Returns seconds in all, of all workers, and of idle ones."""
    workers = Workers()
    for number, (time, kind, who) in enumerate(happenings, start=1):
        is_of_worker = kind in ("ready", "unusable")
        place = {"worker" if is_of_worker else "individual": who}
        workers.tell(Happening(number, time, kind, **place))
    return workers.seconds, workers.worker_seconds, workers.idle_seconds


@pytest.mark.parametrize("end", ["finished", "failed", "lost"])
def test_who_evaluates_no_one_is_idle(end):
    submitted = [(0, "submitted", 1), (0, "submitted", 2)]
    ends = [(10, end, 1), (14, "finished", 2)]
    assert told(*TWO, *submitted, *ends) == (14, 28, 4)


def test_before_a_worker_is_ready_no_time_passes():
    alone = [(5, "ready", 1), (5, "submitted", 1), (9, "finished", 1)]
    again = [(20, "ready", 1), (21, "submitted", 2), (23, "finished", 2)]
    assert told(*alone) == (4, 4, 0)
    assert told(*alone, *again) == (7, 7, 1)


def test_an_interrupted_search_goes_on_with_the_workers_that_there_are():
    before = [(0, "submitted", 1), (0, "submitted", 2), (4, "finished", 1)]
    pause = [(900, "ready", 1), (900, "submitted", 2), (910, "finished", 2)]
    assert told(*TWO, *before, *pause) == (14, 18, 0)
    alone = [*TWO, (0, "submitted", 1), (0, "submitted", 2)]
    assert told(*alone, *pause) == (10, 10, 0)


def test_a_finished_search_that_grows_has_the_workers_that_there_are():
    before = [(0, "submitted", 1), (4, "finished", 1)]
    later = [(900, "ready", 1), (900, "submitted", 2), (910, "finished", 2)]
    assert told(*TWO, *before, *later) == (14, 18, 4)


def test_a_worker_that_is_given_up_is_not_idle():
    given_up = [(10, "unusable", 2), (20, "finished", 1)]
    assert told(*TWO, (0, "submitted", 1), *given_up) == (20, 30, 10)


def test_a_clock_that_is_set_back_stands_still():
    back = [(10, "submitted", 1), (3, "finished", 1), (5, "submitted", 2)]
    assert told((10, "ready", 1), *back) == (2, 2, 2)
