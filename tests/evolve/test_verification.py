"""What a search recorded follows from its seed, or is found out."""

import contextlib
import dataclasses
import sqlite3

import pytest

from hnas_tf.archive import Archive, open_search
from hnas_tf.config import WorkersConfig
from hnas_tf.events import NOT_FINITE, Failed, Submitted
from hnas_tf.evolution.initialization import trivial_genotype
from hnas_tf.evolve import evolve, verify
from hnas_tf.genotype import genotype_to_json
from tests.evolve.trainings import Trainings, config, search

EVERY = {
    "num_repeats": 3,
    "reuse_fitness": True,
    "early_stop": True,
    "adaptive_repeats": True,
}


def problems(workdir, its):
    with Archive.open(workdir) as archive:
        return verify(its, archive).problems


def change(workdir, statement):
    """Changes an archive behind its back; returns how many rows."""
    path = workdir / "search.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        changed = connection.execute(statement).rowcount
        connection.commit()
    return changed


@pytest.mark.parametrize("algorithm", ["evolution", "random", "aging"])
@pytest.mark.parametrize("num_workers", [1, 4])
def test_every_search_repeats(tmp_path, algorithm, num_workers):
    its = config(algorithm=algorithm, **EVERY)
    search(tmp_path, its, num_workers=num_workers)
    with Archive.open(tmp_path) as archive:
        verdict = verify(its, archive)
    assert verdict.problems == []
    assert verdict.num_proposals == 60
    assert verdict.num_judged > 60
    assert verdict.in_words().startswith("Verified: 60 proposals, ")


def test_so_does_one_of_pareto(tmp_path):
    its = config(algorithm="pareto")
    search(tmp_path, its)
    assert problems(tmp_path, its) == []


@pytest.mark.parametrize("num_workers", [1, 3])
def test_so_does_one_that_prepares_ahead(tmp_path, num_workers):
    its = dataclasses.replace(
        config(**EVERY), workers=WorkersConfig(prepare_ahead=True)
    )
    search(tmp_path, its, num_workers=num_workers, most=70)
    individuals, _, _ = search(tmp_path, its, num_workers=num_workers)
    assert any(one.equal_to for one in individuals)
    assert problems(tmp_path, its) == []


@pytest.mark.forged
def test_so_does_one_of_before_there_were_digests(tmp_path):
    its = config(num_repeats=2)
    search(tmp_path, its)
    change(tmp_path, "UPDATE individuals SET digest = ''")
    assert problems(tmp_path, its) == []


def test_a_search_is_verified_while_it_runs(tmp_path):
    its = config(**EVERY)

    class Verifier:
        verdicts = []

        def begin(self, archive):
            del archive

        def settled(self, individual, archive):
            del individual, archive
            self.verdicts.append(problems(tmp_path, its))

        def end(self, archive):
            del archive

    engine = Trainings(2, num_repeats=3)
    with open_search(tmp_path, its) as archive:
        evolve(its, archive=archive, engine=engine, watchers=[Verifier()])
    assert len(Verifier.verdicts) == 60
    assert not any(Verifier.verdicts)


@pytest.mark.forged
def test_what_is_read_is_of_one_moment(tmp_path):
    its = config(num_evaluations=12)
    search(tmp_path, its)
    with (
        open_search(tmp_path, its) as writer,
        Archive.open(tmp_path) as reader,
        reader.snapshot(),
    ):
        before = reader.last_event()
        with writer.transaction():
            writer.record(Submitted(1, 9), time=0.0)
        assert reader.last_event() == before
        assert writer.last_event() == before + 1


def test_so_does_one_that_was_disturbed_and_is_not_at_its_end(tmp_path):
    its = config(**EVERY)
    lost = [(2, 1), (3, 1), (3, 2), (3, 3), (5, 1)]
    for most in (30, 31, 50):
        search(tmp_path, its, lost=lost, num_workers=2, most=most)
    assert problems(tmp_path, its) == []


GENOTYPE = genotype_to_json(trivial_genotype(config().space))
FORGED = {
    "genotype": (
        f"UPDATE individuals SET genotype = '{GENOTYPE}' WHERE number = 40",
        "Individual 40 has another genotype",
    ),
    "parent": (
        "UPDATE individuals SET parent = 1 WHERE number ="
        " (SELECT max(number) FROM individuals WHERE parent > 1)",
        "has another parent",
    ),
    "fitness": (
        "UPDATE individuals SET fitness = 0.99 WHERE number = 7",
        "Individual 7 has another fitness",
    ),
    "cost": (
        "UPDATE individuals SET parameters = 1 WHERE number = 30",
        "Individual 30 has another cost",
    ),
    "known event": (
        "UPDATE individuals SET known_event = 5 WHERE number = 50",
        "Individual 50 has another",
    ),
    "answer": (
        "UPDATE events SET document ="
        " json_set(document, '$.accuracies', json_array(0.5))"
        " WHERE number = (SELECT min(number) FROM events"
        " WHERE kind = 'judged')",
        "Individual 1 was judged otherwise",
    ),
    "no answer": (
        "DELETE FROM events WHERE number ="
        " (SELECT max(number) FROM events WHERE kind = 'judged')",
        "or not at all",
    ),
    "all answers": ("DELETE FROM events WHERE kind = 'judged'", "not at all"),
    "share": (
        "UPDATE events SET document = json_set(document, '$.share', 1.0)"
        " WHERE kind = 'finished'",
        "was not stopped as it was judged",
    ),
    "state": (
        "UPDATE individuals SET state = 'finished' WHERE state = 'stopped'",
        "has another state",
    ),
    "repeats": (
        "UPDATE individuals SET num_repeats = 9 WHERE number = 1",
        "Individual 1 has another num_repeats",
    ),
    "deviation": (
        "UPDATE individuals SET fitness_std = 0.5 WHERE number = 1",
        "Individual 1 has another fitness_std",
    ),
    "equal to": (
        "UPDATE individuals SET equal_to = NULL",
        "has another equal_to",
    ),
    "twice": (
        "INSERT INTO events (time, kind, individual, attempt, document)"
        " SELECT time, kind, individual, attempt, document FROM events"
        " WHERE kind = 'finished' AND individual = 1",
        "Individual 1 has ended twice",
    ),
    "accuracy": (
        "UPDATE events SET document ="
        " json_set(document, '$.accuracies', json_array(0.5, 0.25, 0.75))"
        " WHERE kind = 'finished' AND individual = 1",
        "Individual 1 has another fitness",
    ),
    "repeats that were judged": (
        "UPDATE events SET document = json_set(document, '$.accuracies',"
        " json_insert(json_extract(document, '$.accuracies'), '$[#]', 0.5))"
        " WHERE kind = 'finished' AND individual = 40",
        "Individual 40 ended with other accuracies than it had",
    ),
    "equal one": (
        "UPDATE events SET document = json_set(document, '$.equal_to', 2)"
        " WHERE kind = 'reused'",
        "is not equal to 2",
    ),
}


@pytest.mark.forged
@pytest.mark.parametrize("name", FORGED)
def test_what_was_forged_is_found(tmp_path, name):
    its = config(**EVERY)
    search(tmp_path, its)
    statement, words = FORGED[name]
    assert change(tmp_path, statement) > 0
    assert any(words in problem for problem in problems(tmp_path, its))


@pytest.mark.forged
def test_a_training_that_ended_too_soon_is_found(tmp_path):
    its = config(num_evaluations=12, num_repeats=3)
    search(tmp_path, its)
    for statement in (
        "DELETE FROM events WHERE kind = 'progress' AND individual = 12"
        " AND json_extract(document, '$.repeat') = 3",
        "UPDATE events SET document = json_set(document, '$.accuracies',"
        " json_remove(json_extract(document, '$.accuracies'), '$[2]'))"
        " WHERE kind = 'finished' AND individual = 12",
    ):
        assert change(tmp_path, statement) > 0
    expected = "Individual 12 ended early, though nobody stopped it"
    assert expected in problems(tmp_path, its)


@pytest.mark.forged
def test_another_reason_of_a_failure_is_found(tmp_path):
    its = config(num_evaluations=12)
    engine = Trainings(outcomes={(3, 1): [Failed(3, 1, NOT_FINITE)]})
    with open_search(tmp_path, its) as archive:
        evolve(its, archive=archive, engine=engine)
    assert problems(tmp_path, its) == []
    change(tmp_path, "UPDATE individuals SET reason = 'x' WHERE number = 3")
    assert problems(tmp_path, its) == ["Individual 3 has another reason"]


def test_another_seed_or_configuration_does_not_fit(tmp_path):
    search(tmp_path, config(**EVERY))
    found = problems(tmp_path, config(**{**EVERY, "num_repeats": 2}))
    assert any("judged otherwise" in problem for problem in found)
    found = problems(tmp_path, dataclasses.replace(config(**EVERY), seed=1))
    assert found[0] == "Individual 1 has another genotype"
    found = problems(tmp_path, config(**{**EVERY, "algorithm": "random"}))
    assert "Individual 11 has another" in found[0]
