"""Who of many workers is idle, leaves, listens, or takes too long."""

import math

import pytest

from hnas_tf import load_genotype
from hnas_tf.engines import Device, Task
from hnas_tf.engines.crew import Crew
from hnas_tf.engines.worker import START_SECONDS, Worker

GENOTYPE = load_genotype("liu2018")


class ToyChild:
    is_pending = was_preempted = lost_machine = False

    def send(self, message):
        pass

    def kill(self):
        pass


@pytest.fixture
def now():
    """The time, as a list of one."""
    return [0.0]


@pytest.fixture
def crew(now):
    """Three workers whose children have started."""
    crew = Crew()
    for number in (1, 2, 3):
        device = Device("cpu", ())
        crew.add(Worker(number, device, lambda _: ToyChild(), lambda: now[0]))
    return crew


def worker(crew, number):
    return crew._workers[number]


def get_ready(crew, *numbers):
    for number in numbers:
        worker(crew, number).is_ready = True
        crew.note(worker(crew, number))


def task(individual):
    return Task(individual, 1, GENOTYPE)


def submit(crew, number, individual, *, ahead=None, limit_seconds=10.0):
    worker(crew, number).submit(
        task(individual), ahead, limit_seconds=limit_seconds
    )
    crew.note(worker(crew, number))


def end(crew, number):
    worker(crew, number).task = None
    crew.note(worker(crew, number))


def numbers(workers):
    return [one.number for one in workers]


def test_whoever_is_ready_and_has_no_task_is_idle(crew):
    assert crew.num_idle() == 0
    assert crew.best_for(task(7)) is None
    get_ready(crew, 2, 1)
    assert crew.num_idle() == 2
    assert crew.best_for(task(7)).number == 2
    submit(crew, 2, 7)
    assert crew.num_idle() == 1
    assert crew.best_for(task(8)).number == 1
    end(crew, 2)
    assert crew.num_idle() == 2
    assert crew.best_for(task(8)).number == 1


def test_a_task_is_best_for_who_has_prepared_it_then_for_who_has_none(crew):
    get_ready(crew, 1, 2, 3)
    for number, individual in ((1, 7), (2, 8)):
        submit(crew, number, individual, ahead=task(individual + 10))
    assert crew.prepared(task(18)) is None
    for number in (1, 2):
        end(crew, number)
    assert crew.prepared(task(18)).number == 2
    assert crew.best_for(task(18)).number == 2
    assert crew.best_for(task(9)).number == 3
    submit(crew, 3, 9)
    assert crew.best_for(task(10)).number == 1
    submit(crew, 2, 18)
    assert crew.prepared(task(18)) is None


def test_a_task_is_at_its_worker_until_it_ends(crew):
    get_ready(crew, 1, 2)
    submit(crew, 1, 7)
    submit(crew, 2, 8)
    assert crew.at(7, 1).number == 1
    assert crew.at(8, 1).number == 2
    assert crew.at(7, 2) is None
    end(crew, 1)
    submit(crew, 1, 9)
    assert crew.at(7, 1) is None
    assert crew.at(9, 1).number == 1


def test_whoever_leaves_is_replaced_once(crew):
    get_ready(crew, 1, 2)
    before = worker(crew, 1).child
    worker(crew, 1).is_leaving = True
    crew.note(worker(crew, 1))
    assert crew.best_for(task(7)).number == 2
    crew.replace_leaving()
    after = worker(crew, 1).child
    assert after is not before
    assert crew.whose(before) is None
    assert crew.whose(after).number == 1
    crew.replace_leaving()
    assert worker(crew, 1).child is after


def test_whoever_is_given_up_is_forgotten(crew):
    get_ready(crew, 1, 2)
    submit(crew, 2, 7)
    for number in (1, 2):
        gone = worker(crew, number)
        crew.remove(gone)
        crew.note(gone)
        assert crew.whose(gone.child) is None
    assert len(crew) == 1
    assert crew.num_idle() == 0
    assert crew.at(7, 1) is None
    assert crew.pop().number == 3
    assert len(crew) == 0


def test_one_is_taken_out_by_its_number(crew):
    get_ready(crew, 1, 2)
    assert crew.take_out(1).number == 1
    assert (len(crew), crew.num_idle()) == (2, 1)


def test_a_task_that_takes_too_long_is_found_at_its_limit(crew, now):
    get_ready(crew, 1, 2, 3)
    submit(crew, 1, 7, limit_seconds=10.0)
    submit(crew, 2, 8, limit_seconds=20.0)
    assert crew.look_at() <= 10.0
    assert crew.overdue(9.0) == []
    assert numbers(crew.overdue(10.0)) == [1]
    end(crew, 1)
    assert crew.overdue(19.0) == []
    assert crew.look_at() == 20.0
    assert numbers(crew.overdue(25.0)) == [2]


def test_a_start_takes_too_long_too_and_idle_workers_never(crew, now):
    get_ready(crew, 1, 2)
    assert numbers(crew.overdue(START_SECONDS)) == [3]
    get_ready(crew, 3)
    assert crew.overdue(1e9) == []
    assert crew.look_at() == math.inf


def test_a_limit_that_comes_later_may_be_the_next(crew, now):
    get_ready(crew, 1, 2, 3)
    submit(crew, 1, 7, limit_seconds=1000.0)
    assert crew.overdue(START_SECONDS) == []
    assert crew.look_at() == 1000.0
    now[0] = START_SECONDS
    submit(crew, 2, 8, limit_seconds=10.0)
    assert crew.look_at() == START_SECONDS + 10.0
