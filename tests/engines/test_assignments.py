"""Who runs, who is next, and who waits."""

import pytest

from hnas_tf import load_genotype
from hnas_tf.engines import Assignments, Task

GENOTYPE = load_genotype("liu2018")


def task(number, attempt=1):
    return Task(number, attempt, GENOTYPE)


@pytest.fixture
def assignments():
    return Assignments([], {})


def taken(assignments):
    """Takes all that waits; returns the numbers and attempts in order."""
    found = []
    while (one := assignments.take()) is not None:
        found.append((one.individual, one.attempt))
    return found


def test_without_tasks_nothing_is_left_to_do(assignments):
    assert assignments.is_empty()
    assert assignments.take() is None


def test_the_oldest_is_taken_first():
    assignments = Assignments([task(7), task(3, 2), task(5)], {})
    assert not assignments.is_empty()
    assert taken(assignments) == [(3, 2), (5, 1), (7, 1)]
    assert assignments.is_empty()


def test_the_preferred_are_taken_before_the_oldest():
    assignments = Assignments([task(3), task(4), task(5), task(6)], {})
    preferred = {task(4), task(6)}
    numbers = [
        assignments.take(preferred.__contains__).individual for _ in range(4)
    ]
    assert numbers == [4, 6, 3, 5]


def test_only_the_attempt_that_runs_runs(assignments):
    assignments.run(task(3, 2))
    assert not assignments.is_empty()
    assert assignments.is_running(3, 2)
    assert not assignments.is_running(3, 1)
    assert not assignments.is_running(2, 2)
    assignments.end(3)
    assert not assignments.is_running(3, 2)
    assert assignments.is_empty()


def test_who_is_next_waits_when_its_predecessor_has_ended(assignments):
    assignments.run(task(1))
    assignments.put_next(task(2), after=task(1))
    assert assignments.to_prepare(task(1)) == task(2)
    assert assignments.take() is None
    assert assignments.end(1) == task(1)
    assert taken(assignments) == [(2, 1)]
    assert assignments.to_prepare(task(1)) is None


def test_another_worker_may_take_who_is_next_the_oldest_first(assignments):
    for number, following in ((1, 4), (2, 3)):
        assignments.run(task(number))
        assignments.put_next(task(following), after=task(number))
    assert assignments.take_next() == task(3)
    assert assignments.take_next() == task(4)
    assert assignments.take_next() is None
    assignments.end(1)
    assert taken(assignments) == []


def test_who_has_nobody_next_prepares_nobody(assignments):
    assignments.run(task(1))
    assert assignments.to_prepare(task(1)) is None


def test_a_lost_one_waits_again_before_who_was_next(assignments):
    assignments.run(task(1))
    assignments.put_next(task(2), after=task(1))
    assert assignments.lose(1, max_attempts=3)
    assert taken(assignments) == [(1, 2), (2, 1)]


def test_the_last_attempt_is_the_last():
    assignments = Assignments([task(1, 5)], {1: 1})
    assignments.run(assignments.take())
    assignments.put_next(task(2), after=task(1))
    assert not assignments.lose(1, max_attempts=2)
    assert taken(assignments) == [(2, 1)]
    assert assignments.is_empty()


def test_who_has_lost_a_worker_shares_none_again(assignments):
    assignments.run(task(1))
    assignments.put_next(task(2), after=task(1))
    assignments.lose(1, max_attempts=3)
    again, following = assignments.take(), assignments.take()
    assignments.run(again)
    assignments.put_next(following, after=again)
    assert assignments.to_prepare(again) is None
    # Nor is it prepared beside another one.
    assignments.run(task(4))
    assignments.put_next(again, after=task(4))
    assert assignments.to_prepare(task(4)) is None


def test_what_an_earlier_run_has_lost_counts():
    assignments = Assignments([task(1, 2), task(2)], {1: 1})
    first, second = assignments.take(), assignments.take()
    assignments.run(first)
    assignments.put_next(second, after=first)
    assert assignments.to_prepare(first) is None
