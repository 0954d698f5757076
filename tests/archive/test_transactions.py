"""Transactions: whole or not at all, whatever ends them."""

import contextlib
import dataclasses
import functools
import sqlite3
import subprocess
import sys

import pytest

from hnas_tf import events
from hnas_tf.archive import Archive, open_search
from hnas_tf.errors import ArchiveError
from hnas_tf.evolution import Controller
from tests.archive.samples import (
    CONFIG,
    fill,
    new_search,
    read_all,
    submit,
)


@pytest.fixture
def archive(tmp_path):
    with open_search(tmp_path, CONFIG) as opened:
        submit(opened, Controller(CONFIG, fetch_genotype=opened.genotype))
        yield opened


def next_proposal(archive):
    return Controller(
        CONFIG,
        fetch_genotype=archive.genotype,
        num_proposed=archive.num_individuals(),
    ).ask()


@pytest.mark.parametrize(
    "error",
    # The last two are SQLite's words for a bad value, too.
    [RuntimeError, KeyboardInterrupt, ArchiveError, OverflowError, ValueError],
)
def test_a_transaction_that_fails_is_rolled_back_whole(archive, error):
    before = read_all(archive)
    with pytest.raises(error), archive.transaction():
        archive.add(next_proposal(archive))
        archive.record(events.Submitted(2, 1), time=1.0)
        archive.record(events.Finished(1, 1, (0.5,)), time=1.0)
        assert archive.individual(1).fitness == 0.5
        raise error
    assert read_all(archive) == before


def test_what_sqlite_refuses_rolls_back_what_came_before_it(archive):
    before = read_all(archive)
    with pytest.raises(ArchiveError), archive.transaction():
        archive.record(events.Finished(1, 1, (0.5,)), time=1.0)
        archive.add(archive.individual(1))
    assert read_all(archive) == before


def test_a_number_beyond_64_bits_is_refused_in_a_sentence_or_kept(archive):
    proposal = next_proposal(archive)
    cost = dataclasses.replace(proposal.cost, multiply_adds=2**70)
    proposal = dataclasses.replace(proposal, cost=cost)
    with contextlib.suppress(ArchiveError), archive.transaction():
        archive.add(proposal)
        assert archive.individual(2).cost == cost


def test_a_transaction_can_follow_one_that_failed(archive):
    with pytest.raises(RuntimeError), archive.transaction():
        raise RuntimeError
    with archive.transaction():
        archive.add(next_proposal(archive))
    assert archive.num_individuals() == 2


def test_a_transaction_within_another_is_refused_and_the_outer_one_goes_on(
    archive,
):
    with archive.transaction():
        archive.add(next_proposal(archive))
        with pytest.raises(ArchiveError), archive.transaction():
            pass
    assert archive.num_individuals() == 2


def test_what_was_committed_survives_closing(tmp_path):
    new_search(tmp_path, 3)
    with Archive.open(tmp_path) as reader:
        before = read_all(reader)
    with open_search(tmp_path, CONFIG) as archive:
        assert read_all(archive) == before


KILLED = """
import os, signal, sys
from pathlib import Path
from hnas_tf import events
from hnas_tf.archive import open_search
from tests.archive.samples import CONFIG, fill
with open_search(Path(sys.argv[1]), CONFIG) as archive:
    fill(archive, 3)
    with archive.transaction():
        archive.record(events.Lost(3, 1), time=1.0)
        if sys.argv[2] == "commit":
            archive._database._connection.execute("COMMIT")
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("how", "num_events"), [("open", 9), ("commit", 10)])
def test_a_killed_program_loses_only_its_open_transaction(
    tmp_path, how, num_events
):
    command = [sys.executable, "-c", KILLED, str(tmp_path), how]
    assert subprocess.run(command, check=False).returncode == -9
    assert (tmp_path / "search.sqlite-wal").stat().st_size > 0
    with Archive.open(tmp_path) as reader:
        assert reader.last_event() == num_events
        assert reader.num_individuals() == 3
    # Neither the lock nor the open transaction stands in the way.
    with open_search(tmp_path, CONFIG) as archive:
        assert archive.last_event() == num_events
        submit(
            archive,
            Controller(CONFIG, fetch_genotype=archive.genotype, num_proposed=3),
        )


def test_an_archive_that_another_program_locks_ends_in_a_sentence(
    tmp_path, monkeypatch
):
    without_waiting = functools.partial(sqlite3.connect, timeout=0.0)
    monkeypatch.setattr(sqlite3, "connect", without_waiting)
    words = "Expected to use the archive .* Received: database is locked"
    path = new_search(tmp_path, 1)
    with contextlib.closing(sqlite3.connect(path)) as other:
        with open_search(tmp_path, CONFIG) as archive:
            before = read_all(archive)
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(ArchiveError, match=words):
                fill(archive, 1)
            assert read_all(archive) == before
        refused = pytest.raises(ArchiveError, match="database is locked")
        with refused, open_search(tmp_path, CONFIG):
            pass
    with open_search(tmp_path, CONFIG) as archive:
        fill(archive, 1)
        assert archive.num_individuals() == 2
