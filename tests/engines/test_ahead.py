"""A child that prepares the next individual while it evaluates one."""

import pytest

from hnas_tf import events
from hnas_tf.config import WorkersConfig
from hnas_tf.engines import Device, LocalEngine
from tests import toy
from tests.engines.conversation import (
    GENOTYPE,
    await_idle,
    end_of,
    settle,
    task,
)
from tests.toy_ahead import notes

CONFIG = {"training": {"num_repeats": 1}}


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setenv("TOY_FILES", str(tmp_path))
    monkeypatch.setenv("TOY_LAST", "0")
    return tmp_path


def engine(name="NotingEvaluator", *, num_workers=1, **workers):
    return LocalEngine(
        f"tests.toy_ahead:{name}",
        CONFIG,
        find_devices=lambda: [Device("cpu", (n,)) for n in range(num_workers)],
        workers=WorkersConfig(**workers),
    )


def test_the_next_is_prepared_before_a_training_ends(files, monkeypatch):
    monkeypatch.setenv("TOY_LAST", "4")
    with engine("OverlappingEvaluator") as running:
        for number in (1, 2, 3):
            ended = settle(running, task(number), task(number + 1))
            assert ended.accuracies == (toy.fitness(GENOTYPE),)
            assert running.has_prepared(task(number + 1))
        settle(running, task(4))
    threads = [notes(files, "prepared", number) for number in (1, 2, 3, 4)]
    # Once each: what was prepared is used.
    assert [thread for ((_, thread),) in threads] == [
        "main",
        *3 * ["second"],
    ]
    evaluated = [notes(files, "evaluated", number) for number in (1, 2, 3, 4)]
    assert [thread for ((_, thread),) in evaluated] == 4 * ["main"]


def test_without_one_ahead_all_happens_in_one_thread(files):
    with engine() as running:
        for number in (1, 2):
            settle(running, task(number))
            assert not running.has_prepared(task(number + 1))
    prepared = [notes(files, "prepared", number) for number in (1, 2)]
    assert [thread for ((_, thread),) in prepared] == ["main", "main"]


def test_who_has_prepared_an_individual_is_given_it(files):
    with engine(num_workers=2) as running:
        await_idle(running, 2)
        running.submit(task(1), task(3))
        running.submit(task(2), task(4))
        settle_two(running)
        # In the other order, and one of them after a stranger.
        running.submit(task(4))
        running.submit(task(3))
        settle_two(running)
    for first, second in ((1, 3), (2, 4)):
        ((first_child, _),) = notes(files, "evaluated", first)
        assert notes(files, "prepared", second) == [(first_child, "second")]
        assert notes(files, "evaluated", second) == [(first_child, "main")]


def last_line(failed):
    return failed.detail.splitlines()[-1]


def settle_two(running):
    """Answers all questions until both workers are idle again."""
    while running.num_idle < 2:
        for event in running.next_events():
            if isinstance(event, events.Progress):
                running.go_on(event.individual, event.attempt)
            else:
                assert isinstance(event, events.Finished)


def test_what_nobody_has_prepared_goes_to_who_has_prepared_nothing(files):
    with engine(num_workers=2) as running:
        await_idle(running, 2)
        running.submit(task(1), task(2))
        end_of(running, 1)
        settle(running, task(3))
        settle(running, task(2))
    ((first, _),) = notes(files, "evaluated", 1)
    ((third, _),) = notes(files, "evaluated", 3)
    assert first != third
    assert notes(files, "evaluated", 2) == [(first, "main")]


def test_a_worker_evaluates_another_than_it_has_prepared(files):
    with engine() as running:
        settle(running, task(1), task(2))
        ended = settle(running, task(3))
        assert ended.accuracies == (toy.fitness(GENOTYPE),)
        assert not running.has_prepared(task(2))
        settle(running, task(2))
    assert [thread for _, thread in notes(files, "prepared", 2)] == [
        "second",
        "main",
    ]


def test_a_child_about_to_be_replaced_prepares_nothing(files):
    with engine(recycle_worker_after=2) as running:
        settle(running, task(1), task(2))
        settle(running, task(2), task(3))
        assert not running.has_prepared(task(3))
        settle(running, task(3), task(4))
        assert running.has_prepared(task(4))
        settle(running, task(4))
    pids = []
    for number, thread in ((1, "main"), (2, "second"), (3, "main")):
        ((pid, where),) = notes(files, "prepared", number)
        pids.append(pid)
        assert where == thread
    assert pids[0] == pids[1] != pids[2]


@pytest.mark.parametrize(
    ("number", "reason", "detail"),
    [
        (1, events.OTHER_ERROR, "ValueError: the reason in words"),
        (2, events.CANNOT_BUILD, "nothing is carried"),
        (3, events.OUT_OF_MEMORY, "no room"),
    ],
)
def test_a_preparation_fails_with_the_reasons_of_an_evaluation(
    files, number, reason, detail
):
    with engine("TroubledPreparation") as running:
        failed = settle(running, task(number))
        assert (failed.individual, failed.attempt) == (number, 1)
        assert (failed.reason, last_line(failed)) == (reason, detail)
        assert isinstance(settle(running, task(100)), events.Finished)


@pytest.mark.parametrize(
    ("number", "reason", "detail"),
    [
        (1, events.OTHER_ERROR, "ValueError: the reason in words"),
        (2, events.CANNOT_BUILD, "nothing is carried"),
    ],
)
def test_the_failure_of_a_preparation_is_that_of_its_individual(
    files, number, reason, detail
):
    with engine("TroubledPreparation") as running:
        ended = settle(running, task(10 + number), task(number))
        assert isinstance(ended, events.Finished)
        failed = settle(running, task(number), task(100))
        assert (failed.individual, failed.attempt) == (number, 1)
        assert (failed.reason, last_line(failed)) == (reason, detail)
        # Its child is replaced, with what that was to prepare.
        assert not running.has_prepared(task(100))
        assert isinstance(settle(running, task(100)), events.Finished)
    assert len(notes(files, "prepared", number)) == 1


def test_what_does_not_fit_beside_another_is_tried_alone(files):
    with engine("TroubledPreparation") as running:
        settle(running, task(13), task(3))
        lost = settle(running, task(3))
        assert (lost.individual, lost.attempt) == (3, 1)
        assert isinstance(lost, events.Lost)
        assert "out of memory, beside another individual: no r" in lost.detail
        failed = settle(running, task(3, attempt=2))
        assert failed == events.Failed(3, 2, events.OUT_OF_MEMORY, "no room")


def test_a_training_beside_which_another_was_prepared_is_tried_alone(files):
    with engine("TroubledPreparation") as running:
        lost = settle(running, task(15), task(16))
        assert isinstance(lost, events.Lost)
        failed = settle(running, task(15, attempt=2))
        assert failed.reason == events.OUT_OF_MEMORY


def test_a_child_that_dies_of_a_preparation_says_whom_it_prepared(files):
    with engine("TroubledPreparation") as running:
        lost = settle(running, task(14), task(4))
        assert isinstance(lost, events.Lost)
        assert (lost.individual, lost.attempt) == (14, 1)
        assert "exit code 7" in lost.detail
        assert lost.detail.endswith("It also prepared individual 4.")
        assert not running.has_prepared(task(4))
        ended = settle(running, task(14, attempt=2))
        assert isinstance(ended, events.Finished)


def test_the_time_of_a_candidate_begins_when_it_is_submitted(files):
    with engine("EndlessPreparation", candidate_timeout_seconds=2) as running:
        assert isinstance(settle(running, task(1), task(2)), events.Finished)
        failed = settle(running, task(2))
        assert failed.reason == events.TIME_LIMIT
        ended = settle(running, task(2, attempt=2))
        assert isinstance(ended, events.Finished)
