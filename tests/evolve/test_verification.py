"""What a search recorded follows from its seed, or is found out."""

import contextlib
import sqlite3

import pytest

from hnas_tf.archive import Archive
from hnas_tf.evolution.initialization import trivial_genotype
from hnas_tf.evolve import verify
from hnas_tf.genotype import genotype_to_json
from tests.evolve.trainings import config, search

EVERY = {
    "num_repeats": 3,
    "reuse_fitness": True,
    "early_stop": True,
    "adaptive_repeats": True,
}


def problems(workdir, its):
    with Archive.open(workdir) as archive:
        return verify(its, archive).problems


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
        "Individual 7 has",
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
    "accuracy": (
        "UPDATE events SET document ="
        " json_set(document, '$.accuracies', json_array(0.5, 0.25, 0.75))"
        " WHERE kind = 'finished' AND individual = 1",
        "Individual 1 has another fitness",
    ),
    "equal one": (
        "UPDATE events SET document = json_set(document, '$.equal_to', 2)"
        " WHERE kind = 'reused'",
        "whose fitness it took",
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_was_forged_is_found(tmp_path, name):
    its = config(**EVERY)
    search(tmp_path, its)
    statement, words = FORGED[name]
    path = tmp_path / "search.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        changed = connection.execute(statement).rowcount
        connection.commit()
    assert changed > 0
    assert any(words in problem for problem in problems(tmp_path, its))


def test_another_seed_or_configuration_does_not_fit(tmp_path):
    search(tmp_path, config(**EVERY))
    found = problems(tmp_path, config(**{**EVERY, "num_repeats": 2}))
    assert any("judged otherwise" in problem for problem in found)
    found = problems(tmp_path, config(**{**EVERY, "algorithm": "random"}))
    assert "Individual 11 has another" in found[0]
