"""Readers: any number, also while a search writes, and never writing."""

import subprocess
import sys

import pytest

from hnas_tf import events
from hnas_tf.archive import Archive, open_search
from hnas_tf.errors import ArchiveError
from tests.archive.samples import (
    CONFIG,
    fill,
    listing,
    new_search,
    read_all,
)


@pytest.fixture
def archive(tmp_path):
    with open_search(tmp_path, CONFIG) as opened:
        fill(opened, 4)
        yield opened


def test_a_reader_sees_what_the_writer_committed(tmp_path, archive):
    with Archive.open(tmp_path) as reader:
        assert read_all(reader) == read_all(archive)
        fill(archive, 2)
        assert reader.num_individuals() == 6
        assert read_all(reader) == read_all(archive)


def test_a_reader_neither_sees_nor_delays_an_open_transaction(
    tmp_path, archive
):
    with Archive.open(tmp_path) as reader:
        before = read_all(reader)
        with archive.transaction():
            archive.record(events.Lost(1, 1), time=1.0)
            assert read_all(reader) == before
            assert archive.last_event() == reader.last_event() + 1
        assert reader.last_event() == archive.last_event()


def test_a_reader_cannot_write(tmp_path, archive):
    with Archive.open(tmp_path) as reader:
        with pytest.raises(ArchiveError, match="readonly"):
            reader.record(events.Lost(1, 1), time=1.0)
        with pytest.raises(ArchiveError, match="readonly"):
            reader.add(reader.individual(1))
    assert archive.last_event() == 12


def test_a_reader_in_another_program_needs_no_lock(tmp_path, archive):
    program = (
        "import sys; from hnas_tf.archive import Archive;"
        "print(Archive.open(sys.argv[1]).num_individuals())"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    assert found.stdout == f"{archive.num_individuals()}\n"


def test_several_readers_read_at_once(tmp_path):
    new_search(tmp_path, 3)
    with Archive.open(tmp_path) as one, Archive.open(tmp_path) as other:
        assert read_all(one) == read_all(other)


def test_reading_changes_nothing_in_the_file(tmp_path):
    path = new_search(tmp_path, 3)
    before = path.read_bytes()
    with Archive.open(tmp_path) as reader:
        read_all(reader)
    assert path.read_bytes() == before


def test_a_workdir_may_have_any_name(tmp_path):
    workdir = tmp_path / "a b?mode=ro#%41&ü"
    new_search(workdir, 1)
    assert listing(workdir) == ["config.json", "search.sqlite"]
    with Archive.open(workdir) as reader:
        assert reader.num_individuals() == 1


def test_a_closed_archive_says_so(tmp_path):
    new_search(tmp_path, 1)
    reader = Archive.open(tmp_path)
    reader.close()
    with pytest.raises(ArchiveError, match="closed"):
        reader.individuals()
