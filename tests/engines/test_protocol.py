"""What every engine says and does: the local one, Ray's, and the toy."""

import contextlib

import pytest

from hnas_tf import events
from hnas_tf.config import (
    ClusterConfig,
    SearchConfig,
    TrainingConfig,
    WorkersConfig,
)
from hnas_tf.engines import make_engine
from hnas_tf.errors import HnasError
from tests import processes, rays, toy
from tests.engines.conversation import (
    GENOTYPE,
    await_idle,
    end_of,
    settle,
    task,
    wait_for,
)
from tests.toy_engine import FACTS, ToyEngine

ENGINES = ("toy", "local", pytest.param("ray", marks=rays.needs_ray))
FITNESSES = (toy.fitness(GENOTYPE, 1), toy.fitness(GENOTYPE, 2))
# What becomes of the first attempt at them, by TroubledEvaluator.
FAILURES = {
    1: (
        events.OTHER_ERROR,
        'raise ValueError("the reason in words")\n'
        "ValueError: the reason in words",
    ),
    2: (events.NOT_FINITE, "loss nan at step 3"),
    3: (events.OUT_OF_MEMORY, ""),
    5: (events.TIME_LIMIT, "asleep\nIt took more than 3 seconds."),
    8: (events.OTHER_ERROR, "Received: one of individual 8, attempt 2"),
    9: (events.OTHER_ERROR, "Received: one of individual 7, attempt 1"),
    10: (events.OTHER_ERROR, "Received: seconds=None"),
    11: (events.OTHER_ERROR, "not JSON serializable"),
    12: (events.OTHER_ERROR, "`accuracy` must lie in [0, 1]"),
    13: (events.OTHER_ERROR, "(1, 1.0) after one of (1, 1.0)"),
    14: (events.NOT_FINITE, "inf"),
}
LOSSES = {4: "exit code 7", 7: "signal 6"}
UNUSABLE = "RuntimeError: no such accelerator"


class Troubled(ToyEngine):
    def __init__(self):
        failed = {
            (number, 1): [events.Failed(number, 1, *words)]
            for number, words in FAILURES.items()
        }
        lost = {
            (number, 1): [events.Lost(number, 1, words)]
            for number, words in LOSSES.items()
        }
        super().__init__(2, num_repeats=2, outcomes=failed | lost)


class Unusable(ToyEngine):
    def __enter__(self):
        self._events.append(events.Unusable(1, UNUSABLE))
        return self


TOYS = {"TroubledEvaluator": Troubled, "Unusable": Unusable}


@contextlib.contextmanager
def running(kind, evaluator="TroubledEvaluator", *, num_workers=2):
    """Enters an engine of a kind."""
    config = SearchConfig(
        evaluator=f"tests.toy:{evaluator}",
        training=TrainingConfig(num_repeats=2),
        workers=WorkersConfig(
            num_workers=num_workers, candidate_timeout_seconds=3.0
        ),
        cluster=ClusterConfig(
            engine="local" if kind == "toy" else kind, cpus_per_worker=0.5
        ),
    )
    with rays.environment(processes.new_mark()):
        engine = TOYS[evaluator]() if kind == "toy" else make_engine(config)
        with engine:
            yield engine


@pytest.fixture(scope="module", params=ENGINES)
def engine(request):
    """An engine that was entered once, for all of its tests."""
    with running(request.param) as entered:
        yield entered


def first_question(engine, number):
    """Submits an individual when nothing else can happen."""
    await_idle(engine, 2)
    engine.submit(task(number))
    return wait_for(events.Progress, engine)


@pytest.mark.parametrize("kind", ENGINES)
def test_nobody_is_idle_before_ready(kind):
    with running(kind) as engine:
        assert (engine.num_workers, engine.num_idle) == (2, 0)
        ready = wait_for(events.Ready, engine)
        assert engine.num_idle >= 1
    assert ready.worker in (1, 2)
    assert ready.facts == FACTS


@pytest.mark.parametrize("kind", ENGINES)
def test_who_is_given_up_is_handed_nothing(kind):
    with running(kind) as engine:
        await_idle(engine, 2)
        engine.give_up(2)
        assert (engine.num_workers, engine.num_idle) == (1, 1)
        assert settle(engine, task(100)).accuracies == FITNESSES


@pytest.mark.parametrize("kind", ENGINES)
def test_an_evaluator_that_cannot_be_made_is_unusable(kind):
    with running(kind, "Unusable", num_workers=1) as engine:
        unusable = wait_for(events.Unusable, engine)
        assert (engine.num_workers, engine.num_idle) == (0, 0)
    assert unusable == events.Unusable(1, UNUSABLE)


def test_a_candidate_is_evaluated(engine):
    finished = settle(engine, task(100))
    assert isinstance(finished, events.Finished)
    assert (finished.individual, finished.attempt) == (100, 1)
    assert finished.accuracies == FITNESSES


def test_every_progress_is_a_question(engine):
    first = first_question(engine, 101)
    assert first == events.Progress(101, 1, 1, 1.0, FITNESSES[0], toy.CURVE)
    assert engine.next_events(0.1) == []
    engine.go_on(101, 1)
    second = wait_for(events.Progress, engine)
    assert second == events.Progress(101, 1, 2, 1.0, FITNESSES[1], toy.CURVE)
    assert engine.next_events(0.1) == []
    engine.go_on(101, 1)
    assert isinstance(wait_for(events.Finished, engine), events.Finished)


def test_who_is_stopped_ends_with_what_it_has(engine):
    first_question(engine, 102)
    engine.stop(102, 1)
    finished = wait_for(events.Finished, engine)
    assert finished.accuracies == FITNESSES[:1]


def test_an_answer_to_nobody_is_refused(engine):
    first_question(engine, 103)
    for wrong in ((9, 1), (103, 2)):
        with pytest.raises(HnasError, match=f"individual {wrong[0]}"):
            engine.go_on(*wrong)
    engine.stop(103, 1)
    assert end_of(engine, 103).accuracies == FITNESSES[:1]


def test_everyone_hears_its_own_answer(engine):
    await_idle(engine, 2)
    for number in (104, 105):
        engine.submit(task(number))
    assert engine.num_idle == 0
    asked, ends = [], {}
    while len(ends) < 2:
        for event in engine.next_events():
            if isinstance(event, events.Finished):
                ends[event.individual] = event.accuracies
            else:
                asked.append((event.individual, event.repeat))
                answer = {104: engine.go_on, 105: engine.stop}
                answer[event.individual](event.individual, event.attempt)
    assert sorted(asked) == [(104, 1), (104, 2), (105, 1)]
    assert ends == {104: FITNESSES, 105: FITNESSES[:1]}


@pytest.mark.parametrize("number", FAILURES)
def test_a_failure_has_its_reason_and_the_worker_comes_back(engine, number):
    failed = settle(engine, task(number))
    assert isinstance(failed, events.Failed)
    assert (failed.individual, failed.attempt) == (number, 1)
    reason, words = FAILURES[number]
    assert failed.reason == reason
    assert words in failed.detail
    await_idle(engine, 2)
    assert isinstance(settle(engine, task(106)), events.Finished)


@pytest.mark.parametrize("number", LOSSES)
def test_a_dead_child_is_lost_and_replaced(engine, number):
    lost = settle(engine, task(number))
    assert isinstance(lost, events.Lost)
    assert (lost.individual, lost.attempt) == (number, 1)
    assert LOSSES[number] in lost.detail
    assert not lost.is_preempted
    await_idle(engine, 2)
    assert isinstance(settle(engine, task(107)), events.Finished)


def test_another_attempt_may_succeed(engine):
    assert isinstance(settle(engine, task(7)), events.Lost)
    finished = settle(engine, task(7, attempt=2))
    assert finished.attempt == 2
    assert finished.accuracies == FITNESSES


def test_nobody_has_prepared_what_a_busy_worker_prepares(engine):
    await_idle(engine, 2)
    engine.submit(task(108), task(109))
    assert not engine.has_prepared(task(109))
    end_of(engine, 108)
    assert engine.has_prepared(task(109))
    assert not engine.has_prepared(task(109, attempt=2))
    assert settle(engine, task(109)).accuracies == FITNESSES
    assert not engine.has_prepared(task(109))


def test_nobody_waits_for_longer_than_is_asked(engine):
    await_idle(engine, 2)
    assert engine.next_events(0.1) == []
