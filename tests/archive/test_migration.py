"""Migrations: all of them or none, in one transaction."""

import contextlib
import sqlite3

import pytest

from hnas_tf.archive import Archive, open_search, schema
from hnas_tf.errors import ArchiveError
from hnas_tf.evolution import State, Told
from hnas_tf.evolution.initialization import trivial_genotype
from hnas_tf.genotype import HIERARCHICAL, genotype_to_json
from hnas_tf.plan import Cost
from tests.archive.samples import CONFIG, fill, new_search, read_all

GOOD = ("CREATE TABLE digests (number INTEGER PRIMARY KEY, digest TEXT)",)
BETTER = ("CREATE INDEX digests_by_digest ON digests (digest)",)
BAD = (
    "CREATE TABLE later (number INTEGER PRIMARY KEY)",
    "DELETE FROM events",
    "UPDATE individuals SET fitness = 0",
    "INSERT INTO no_such_table VALUES (1)",
)


def state_of(path):
    """Returns a database's version, tables and indices, and all its rows."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        return version, list(connection.iterdump())


@pytest.fixture
def path(tmp_path):
    return new_search(tmp_path, 3)


def test_a_new_archive_has_todays_version(path):
    version, dump = state_of(path)
    assert version == len(schema.MIGRATIONS)
    assert any("individuals" in line for line in dump)


def test_opening_todays_archive_again_changes_nothing(tmp_path, path):
    before = state_of(path)
    with open_search(tmp_path, CONFIG):
        pass
    assert state_of(path) == before


def test_an_older_archive_is_brought_to_todays_version(
    tmp_path, path, monkeypatch
):
    with Archive.open(tmp_path) as reader:
        before = read_all(reader)
    migrations = (*schema.MIGRATIONS, GOOD, BETTER)
    monkeypatch.setattr(schema, "MIGRATIONS", migrations)
    with open_search(tmp_path, CONFIG) as archive:
        assert read_all(archive) == before
        fill(archive, 1)
    version, dump = state_of(path)
    assert version == len(migrations)
    assert any("digests_by_digest" in line for line in dump)


def test_what_version_1_held_is_in_version_2(tmp_path):
    genotype = genotype_to_json(trivial_genotype(HIERARCHICAL))
    new_search(tmp_path, 0)
    path = tmp_path / "search.sqlite"
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as first:
        for statement in schema.MIGRATIONS[0]:
            first.execute(statement)
        first.execute("PRAGMA user_version = 1")
        for number, state in enumerate(("finished", "failed", "submitted"), 1):
            first.execute(
                "INSERT INTO individuals VALUES"
                " (?, ?, NULL, NULL, 1, 2, 3, 0, 0, 0, ?, ?, NULL, NULL)",
                (number, genotype, state, 0.5 if number == 1 else None),
            )
        first.execute(
            "INSERT INTO events VALUES (1, 2.0, 'finished', 1, 1, ?)",
            ('{"accuracies":[0.25,0.75]}',),
        )
        first.commit()
    with open_search(tmp_path, CONFIG) as archive:
        finished, failed, submitted = archive.individuals()
        assert archive.population() == [Told(1, 0.5, 1.0, Cost(1, 2, 3))]
        assert archive.fittest(2) == [finished]
    assert (finished.share, finished.num_repeats) == (1.0, 2)
    assert (failed.share, failed.num_repeats) == (None, None)
    assert submitted.state is State.SUBMITTED
    for one in (finished, failed, submitted):
        assert (one.digest, one.is_given, one.equal_to) == ("", False, None)


@pytest.mark.parametrize("extra", [(BAD,), (GOOD, BAD), (GOOD, BAD, BETTER)])
def test_a_migration_that_fails_half_way_leaves_the_old_version_whole(
    tmp_path, path, monkeypatch, extra
):
    before = state_of(path)
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, *extra))
        refused = pytest.raises(ArchiveError, match="no such table: no_such")
        with refused, open_search(tmp_path, CONFIG):
            pass
    assert state_of(path) == before
    with open_search(tmp_path, CONFIG) as archive:
        fill(archive, 1)


def test_a_new_archive_whose_tables_cannot_be_made_is_tried_again(
    tmp_path, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, BAD))
        with pytest.raises(ArchiveError), open_search(tmp_path, CONFIG):
            pass
    with open_search(tmp_path, CONFIG) as archive:
        fill(archive, 2)


def test_a_reader_does_not_migrate_but_says_what_to_do(
    tmp_path, path, monkeypatch
):
    before = state_of(path)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, GOOD))
    with pytest.raises(ArchiveError, match="version is 2, which the next run"):
        Archive.open(tmp_path)
    assert state_of(path) == before
