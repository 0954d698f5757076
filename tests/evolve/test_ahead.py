"""A search whose workers prepare the next candidate while they train one."""

import pytest

from hnas_tf.archive import Archive, open_search
from hnas_tf.config import WorkersConfig
from hnas_tf.engines import Device, LocalEngine
from hnas_tf.events import NOT_FINITE, Failed, Finished, Lost, Unusable
from hnas_tf.evolution import State
from hnas_tf.evolve import evolve
from tests.ahead import NUM_EVALUATIONS, config, search, submissions
from tests.toy_engine import FACTS, ToyEngine


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    return search(tmp_path_factory.mktemp("undisturbed"), ToyEngine())


def known_to(archive):
    """Returns, by number, whose fitnesses an individual's proposal knew."""
    ends = archive.events(kind="finished")
    return {
        one.number: {
            end["individual"]
            for end in ends
            if end["number"] <= one.known_event
        }
        for one in archive.individuals()
    }


def test_a_proposal_knows_all_but_its_predecessor(tmp_path, undisturbed):
    assert search(tmp_path, ToyEngine()) == undisturbed
    with Archive.open(tmp_path) as archive:
        for number, known in known_to(archive).items():
            assert known == set(range(1, number - 1))


def test_the_next_is_prepared_when_its_predecessor_is_submitted(tmp_path):
    engine = ToyEngine()
    search(tmp_path, engine, num_evaluations=3)
    assert [entry for entry in engine.log if entry[0] != "go_on"] == [
        "enter",
        *(("submit", 1, 1), ("prepare", 2, 1)),
        *(("submit", 2, 1), ("prepare", 3, 1)),
        ("submit", 3, 1),
        "exit",
    ]


def test_who_is_prepared_is_in_the_archive_and_not_submitted(tmp_path):
    its = config()
    with open_search(tmp_path, its) as archive:

        class Careful(ToyEngine):
            def submit(self, task, ahead=None):
                (_,) = archive.events(individual=task.individual)
                if ahead is not None:
                    added = archive.individual(ahead.individual)
                    assert added.genotype == ahead.genotype
                    assert archive.events(individual=ahead.individual) == []
                super().submit(task, ahead)

        outcome = evolve(its, archive=archive, engine=Careful(3))
        submitted = archive.events(kind="submitted")
    assert outcome.num_finished == NUM_EVALUATIONS
    numbers = sorted(event["individual"] for event in submitted)
    assert numbers == list(range(1, NUM_EVALUATIONS + 1))


def test_at_the_end_nobody_waits_behind_a_long_training(tmp_path):
    class Long(ToyEngine):
        """Individual 1 ends when nothing else happens."""

        def next_events(self, within):
            if not self._events:
                self.log.append("the end of 1")
                self._events.append(Finished(1, 1, (0.5,)))
            return super().next_events(within)

    engine = Long(2, outcomes={(1, 1): []})
    search(tmp_path, engine, num_evaluations=4)
    prepared = engine.log.index(("prepare", 2, 1))
    submitted = engine.log.index(("submit", 2, 1))
    assert prepared < submitted < engine.log.index("the end of 1")


@pytest.mark.parametrize("num_workers", [1, 2, 5, 20])
@pytest.mark.parametrize("num_evaluations", [1, 2, 12])
def test_everyone_is_evaluated_once_and_nobody_else(
    tmp_path, num_workers, num_evaluations
):
    engine = ToyEngine(num_workers)
    individuals = search(tmp_path, engine, num_evaluations=num_evaluations)
    assert [one.state for one in individuals] == (
        num_evaluations * [State.FINISHED]
    )
    submitted = sorted(entry for entry in engine.log if entry[0] == "submit")
    assert submitted == [("submit", n + 1, 1) for n in range(num_evaluations)]


@pytest.mark.parametrize(
    ("prepare_ahead", "device", "expected"),
    [
        (None, "cpu", False),
        (None, "gpu", True),
        (True, "cpu", True),
        (False, "gpu", False),
    ],
)
def test_left_open_the_device_decides(
    tmp_path, prepare_ahead, device, expected
):
    engine = ToyEngine(facts={**FACTS, "device": device})
    search(tmp_path, engine, prepare_ahead=prepare_ahead)
    prepared = [entry for entry in engine.log if entry[0] == "prepare"]
    assert len(prepared) == (NUM_EVALUATIONS - 1 if expected else 0)
    with Archive.open(tmp_path) as archive:
        missing = 1 if expected else 0
        assert known_to(archive)[9] == set(range(1, 9 - missing))


def test_a_failure_is_followed_by_who_was_prepared_beside_it(tmp_path):
    engine = ToyEngine(outcomes={(4, 1): [Failed(4, 1, NOT_FINITE)]})
    individuals = search(tmp_path, engine)
    assert [one.number for one in individuals if one.reason] == [4]
    assert submissions(engine) == [(n + 1, 1) for n in range(NUM_EVALUATIONS)]


def test_a_lost_individual_is_tried_again_alone(tmp_path, undisturbed):
    outcomes = {(4, 1): [Lost(4, 1)], (4, 2): [Lost(4, 2)]}
    engine = ToyEngine(outcomes=outcomes)
    assert search(tmp_path, engine) == undisturbed
    start = engine.log.index(("submit", 4, 1))
    assert engine.log[start : start + 6] == [
        *(("submit", 4, 1), ("prepare", 5, 1)),
        *(("submit", 4, 2), ("submit", 4, 3), ("go_on", 4, 3)),
        ("submit", 5, 1),
    ]


def test_an_individual_that_kills_its_workers_fails_alone(tmp_path):
    outcomes = {(4, n): [Lost(4, n, "signal 9")] for n in (1, 2, 3)}
    individuals = search(tmp_path, ToyEngine(outcomes=outcomes))
    failed = [one.number for one in individuals if one.reason]
    assert failed == [4]


def test_who_was_prepared_by_a_lost_worker_waits_for_its_turn(tmp_path):
    engine = ToyEngine(2, outcomes={(1, 1): [Lost(1, 1)]})
    search(tmp_path, engine)
    # The other worker goes on with what it has prepared itself.
    assert submissions(engine)[:5] == [(1, 1), (3, 1), (1, 2), (4, 1), (2, 1)]


def test_who_was_prepared_by_a_worker_that_is_no_more_goes_to_another(
    tmp_path,
):
    outcomes = {(1, 1): [Lost(1, 1), Unusable(1, "it fell off the bus")]}
    engine = ToyEngine(2, outcomes=outcomes, in_batches=True)
    individuals = search(tmp_path, engine)
    assert all(one.state is State.FINISHED for one in individuals)
    assert submissions(engine)[:5] == [(1, 1), (2, 1), (4, 1), (1, 2), (3, 1)]


def local_engine(evaluator, **workers):
    return LocalEngine(
        f"tests.{evaluator}",
        {"training": {"num_repeats": 1}},
        find_devices=lambda: [Device("cpu", (0,))],
        workers=WorkersConfig(**workers),
    )


@pytest.mark.parametrize("recycle_worker_after", [1, 2, 3, 50])
def test_when_a_child_is_replaced_changes_nothing(
    tmp_path, undisturbed, recycle_worker_after
):
    workers = {"recycle_worker_after": recycle_worker_after}
    engine = local_engine("toy:ToyEvaluator", **workers)
    assert search(tmp_path, engine, **workers) == undisturbed


def test_what_was_prepared_while_another_trained_is_used(
    tmp_path, monkeypatch, undisturbed
):
    monkeypatch.setenv("TOY_FILES", str(tmp_path))
    monkeypatch.setenv("TOY_LAST", str(NUM_EVALUATIONS))
    engine = local_engine("toy_ahead:OverlappingEvaluator")
    assert search(tmp_path / "search", engine) == undisturbed
    for number in range(2, NUM_EVALUATIONS + 1):
        (line,) = (tmp_path / f"prepared-{number}-1").read_text().splitlines()
        assert line.endswith("second")


def test_an_individual_whose_preparation_kills_is_alone_in_failing(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("TOY_FILES", str(tmp_path))
    engine = local_engine("toy_ahead:TroubledPreparation")
    individuals = search(tmp_path / "search", engine)
    assert [one.reason for one in individuals[:5]] == [
        *("error", "cannot be built", "out of memory", "worker lost"),
        None,
    ]
