"""A copy of a search that runs; the same command goes on from it."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from hnas_tf.archive import Archive, copy_search, open_search
from hnas_tf.errors import ArchiveError, InvalidError
from hnas_tf.evolve import Backups, Every, evolve, verify
from tests.archive.samples import listing
from tests.evolve.test_evolve import config
from tests.toy import Clock
from tests.toy_engine import ToyEngine


class Spy:
    """Notes how many individuals a backup has when somebody is settled."""

    def __init__(self, folder):
        self._folder = folder
        self.seen = []

    def begin(self, archive):
        pass

    def settled(self, individual, archive):
        with Archive.open(self._folder) as copy:
            self.seen.append(copy.num_individuals())

    def end(self, archive):
        pass


def search(workdir, watchers=(), its=None):
    its = its or config()
    with open_search(workdir, its) as archive:
        evolve(its, archive=archive, engine=ToyEngine(), watchers=watchers)
        return [replace(i, known_event=0) for i in archive.individuals()]


def check_copy(folder, workdir):
    """Checks that two folders tell of one search, up to one moment."""
    with Archive.open(folder) as copy, Archive.open(workdir) as archive:
        assert copy.events() == archive.events()


def test_a_copy_is_replaced_when_it_is_old(tmp_path):
    workdir, folder = tmp_path / "search", tmp_path / "copy"
    spy = Spy(folder)
    backups = Every(18.0, Backups(workdir, folder), clock=Clock())
    individuals = search(workdir, [backups, spy])
    assert 2 < len(set(spy.seen)) < 8
    assert spy.seen == sorted(spy.seen)
    with Archive.open(folder) as copy:
        assert copy.num_individuals() == len(individuals)
    assert listing(folder) == ["config.json", "search.sqlite"]


def test_a_search_goes_on_from_a_copy(tmp_path):
    workdir, folder = tmp_path / "search", tmp_path / "copy"
    undisturbed = search(tmp_path / "undisturbed")
    fewer = config(num_evaluations=12)
    search(workdir, its=fewer)
    copy_search(workdir, folder)
    shutil.rmtree(workdir)
    assert search(folder) == undisturbed
    with Archive.open(folder) as archive:
        assert verify(config(), archive).problems == []


def test_a_copy_has_what_only_the_wal_has(tmp_path):
    workdir, folder = tmp_path / "search", tmp_path / "copy"
    with open_search(workdir, config()) as archive:
        evolve(config(), archive=archive, engine=ToyEngine())
        assert (workdir / "search.sqlite-wal").stat().st_size > 0
        copy_search(workdir, folder)
        with Archive.open(folder) as copy:
            assert copy.individuals() == archive.individuals()
            assert copy.events() == archive.events()


def test_a_copy_that_fails_is_told_and_loses_nothing(tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    workdir = tmp_path / "search"
    backups = Backups(workdir, blocked)
    assert len(search(workdir, [backups])) == config().evolution.num_evaluations
    words = capsys.readouterr().err
    assert (
        f"warning: no backup: Expected to copy the search in {workdir}" in words
    )
    assert blocked.read_text() == "no folder"


def test_the_archive_of_a_search_that_runs_is_not_replaced(tmp_path, capsys):
    workdir, other = tmp_path / "search", tmp_path / "other"
    with open_search(other, config()) as archive:
        before = archive.events()
        search(workdir, [Backups(workdir, other)])
        evolve(config(), archive=archive, engine=ToyEngine())
        assert archive.events() != before
        with Archive.open(other) as seen:
            assert seen.events() == archive.events()
    assert "warning: no backup: Expected" in capsys.readouterr().err


def test_a_workdir_is_no_backup_of_itself(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(InvalidError, match="`backup_dir` must be another"):
        Backups(tmp_path, tmp_path / "link")


def test_an_address_is_no_backup(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ArchiveError, match="Expected a backup_dir on a local"):
        Backups(tmp_path / "search", Path("gs://bucket/copy"))
    assert listing(tmp_path) == []


def test_what_is_left_of_a_failed_copy_takes_no_room(tmp_path):
    workdir, folder = tmp_path / "search", tmp_path / "copy"
    search(workdir)
    (workdir / "config.json").unlink()
    with pytest.raises(ArchiveError, match="Expected to copy the search"):
        copy_search(workdir, folder)
    assert listing(folder) == []


def test_a_backup_is_made_though_another_watcher_fails(tmp_path):
    class Failing(Spy):
        def settled(self, individual, archive):
            raise ArchiveError("no room")

        def end(self, archive):
            raise ArchiveError("still no room")

    workdir, folder = tmp_path / "search", tmp_path / "copy"
    backups = Backups(workdir, folder)
    for watchers in ([Failing(""), backups], [backups, Failing("")]):
        with pytest.raises(ArchiveError, match="no room"):
            search(workdir, watchers)
        check_copy(folder, workdir)


def test_the_backup_of_a_lost_workdir_is_not_replaced(tmp_path):
    workdir, folder = tmp_path / "search", tmp_path / "copy"
    undisturbed = search(tmp_path / "undisturbed")
    search(workdir, [Backups(workdir, folder)], config(num_evaluations=12))
    before = (folder / "search.sqlite").read_bytes()
    shutil.rmtree(workdir)
    with pytest.raises(ArchiveError, match="copy its files to the workdir"):
        search(workdir, [Backups(workdir, folder)])
    assert (folder / "search.sqlite").read_bytes() == before
    with Archive.open(workdir) as archive:
        assert archive.last_event() == 0  # Nobody was trained in vain.
    for path in folder.iterdir():
        shutil.copy(path, workdir)
    assert search(workdir, [Backups(workdir, folder)]) == undisturbed
    with Archive.open(folder) as copy:
        assert copy.num_individuals() == len(undisturbed)


def test_a_backup_is_no_other_searchs(tmp_path):
    one, other, folder = tmp_path / "1", tmp_path / "2", tmp_path / "copy"
    search(one, [Backups(one, folder)])
    with pytest.raises(ArchiveError, match="seed: 0 there, 7 now"):
        search(other, [Backups(other, folder)], replace(config(), seed=7))
    check_copy(folder, one)


def test_of_two_searches_with_one_backup_the_second_has_none(tmp_path):
    one, other, folder = tmp_path / "1", tmp_path / "2", tmp_path / "copy"
    search(one)
    search(other)
    copy_search(one, folder)
    with pytest.raises(ArchiveError, match="event this search does not know"):
        copy_search(other, folder)
    check_copy(folder, one)


def test_a_backup_that_is_newer_than_the_workdir_is_not_replaced(tmp_path):
    workdir, folder = tmp_path / "search", tmp_path / "copy"
    search(workdir, its=config(num_evaluations=12))
    older = shutil.copytree(workdir, tmp_path / "older")
    search(workdir)
    shutil.copy(workdir / "config.json", older)
    copy_search(workdir, folder)
    with pytest.raises(ArchiveError, match="event this search does not know"):
        copy_search(older, folder)
    check_copy(folder, workdir)


@pytest.mark.forged
def test_a_damaged_archive_does_not_replace_its_backup(tmp_path):
    workdir, folder = tmp_path / "search", tmp_path / "copy"
    search(workdir)
    copy_search(workdir, folder)
    before = (folder / "search.sqlite").read_bytes()
    with (workdir / "search.sqlite").open("r+b") as file:
        file.seek(-4096, os.SEEK_END)
        file.write(bytes(4096))
    with pytest.raises(ArchiveError, match="it is damaged"):
        copy_search(workdir, folder)
    assert (folder / "search.sqlite").read_bytes() == before
    assert listing(folder) == ["config.json", "search.sqlite"]


def test_what_a_killed_search_left_in_a_backup_is_not_mixed_in(tmp_path):
    workdir, folder = tmp_path / "search", tmp_path / "copy"
    search(workdir, its=config(num_evaluations=12))
    copy_search(workdir, folder)
    begin = (
        "import os, sys; from hnas_tf.archive import open_search;"
        "from tests.evolve.test_evolve import config;"
        "search = open_search(sys.argv[1], config(num_evaluations=12));"
        "search.__enter__(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", begin, str(folder)], check=True)
    assert (folder / "search.sqlite-wal").stat().st_size > 0
    search(workdir)
    copy_search(workdir, folder)
    assert listing(folder) == ["config.json", "search.sqlite"]
    check_copy(folder, workdir)
