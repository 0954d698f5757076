"""A full disk loses nothing that was committed."""

from dataclasses import replace

import pytest

from hnas_tf.archive import Archive, open_search
from hnas_tf.errors import ArchiveError
from tests.archive.samples import (
    CONFIG,
    files_limited_to,
    fill,
    listing,
    new_search,
    read_all,
)


def all_of(workdir):
    with Archive.open(workdir) as reader:
        return read_all(reader)


@pytest.mark.parametrize("num_kib", [45, 70, 100, 200])
def test_a_search_on_a_full_disk_ends_in_a_sentence_and_keeps_the_rest(
    tmp_path, num_kib
):
    new_search(tmp_path / "whole", 60)
    workdir = tmp_path / "full"
    with open_search(workdir, CONFIG) as archive:
        with files_limited_to(num_kib * 1024):
            with pytest.raises(ArchiveError, match="Expected to use the arch"):
                fill(archive, 1000)
            # What is there can be read, on the full disk too.
            kept = read_all(archive)
            assert all_of(workdir) == kept
        assert read_all(archive) == kept
    assert all_of(workdir) == kept
    fitnesses = kept[4]
    assert len(fitnesses) >= (num_kib > 90)
    count = min(len(fitnesses), 60)
    assert fitnesses[:count] == all_of(tmp_path / "whole")[4][:count]
    # Who was submitted and has no fitness is the last one, if anybody.
    assert [one.number for one in kept[5]] in ([], [len(fitnesses) + 1])


def test_a_search_goes_on_when_there_is_room_again(tmp_path):
    path = new_search(tmp_path, 3)
    with open_search(tmp_path, CONFIG) as archive:
        refused = pytest.raises(ArchiveError)
        with refused, files_limited_to(path.stat().st_size // 2):
            fill(archive, 1000)
        before = archive.num_individuals()
        fill(archive, 5)
        assert archive.num_individuals() == before + 5


@pytest.mark.parametrize("num_bytes", [0, 100, 3000, 9000, 33_000])
def test_a_search_that_cannot_begin_ends_in_a_sentence(tmp_path, num_bytes):
    with pytest.raises(ArchiveError), files_limited_to(num_bytes):
        new_search(tmp_path, 1000)
    # And it begins once there is room.
    new_search(tmp_path, 3)


# Where there is no room, room for the archive, and for part of the rest.
@pytest.mark.parametrize("num_bytes", [0, 100, 100_000])
def test_a_configuration_that_cannot_be_written_leaves_the_old_one(
    tmp_path, num_bytes
):
    new_search(tmp_path, 1)
    before = (tmp_path / "config.json").read_bytes()
    data = replace(CONFIG.data, data_dir="d" * 200_000)
    longer = replace(CONFIG, data=data)
    words = r"write .*config" if num_bytes > 100 else "Expected the archive"
    refused = pytest.raises(ArchiveError, match=words)
    with refused, files_limited_to(num_bytes), open_search(tmp_path, longer):
        pass
    assert (tmp_path / "config.json").read_bytes() == before
    with Archive.open(tmp_path) as reader:
        assert reader.num_individuals() == 1
    # Where there is no room, SQLite leaves files in which there is nothing.
    left = {"config.json"} | {p.name for p in tmp_path.glob("search.sqlite*")}
    assert set(listing(tmp_path)) == left
