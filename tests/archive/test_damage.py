"""Files that are no archive, or a damaged one, end in a sentence."""

import contextlib
import random
import sqlite3
from dataclasses import replace

import pytest

from hnas_tf.archive import Archive, open_search
from hnas_tf.archive.archive import open_archive
from hnas_tf.errors import ArchiveError, HnasError
from tests.archive.samples import CONFIG, new_search, read_all

PAGE = 4096


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Returns the bytes of a sound archive of several pages a table."""
    return new_search(tmp_path_factory.mktemp("sound"), 40).read_bytes()


def refusal(path, *, writable):
    with pytest.raises(ArchiveError) as caught:
        open_archive(path, writable=writable)
    message = str(caught.value)
    start = f"Expected the archive of a search at {path}. Received: "
    assert message.startswith(start)
    return message.removeprefix(start)


def test_there_is_nothing_to_read_in_a_missing_file(tmp_path):
    path = tmp_path / "search.sqlite"
    assert "unable to open" in refusal(path, writable=False)
    with pytest.raises(ArchiveError, match="Expected the archive of a search"):
        Archive.open(tmp_path / "none")
    assert not path.exists()


@pytest.mark.parametrize("writable", [False, True])
def test_a_folder_is_no_archive(tmp_path, writable):
    path = tmp_path / "search.sqlite"
    path.mkdir()
    assert refusal(path, writable=writable)


@pytest.mark.parametrize("writable", [False, True])
@pytest.mark.parametrize("content", [b"garbage" * 999, bytes(PAGE), b"{}"])
def test_garbage_is_no_archive(tmp_path, content, writable):
    path = tmp_path / "search.sqlite"
    path.write_bytes(content)
    assert refusal(path, writable=writable)
    assert path.read_bytes() == content


def test_an_empty_file_is_not_yet_an_archive(tmp_path):
    path = tmp_path / "search.sqlite"
    path.touch()
    assert "its version is 0" in refusal(path, writable=False)
    open_archive(path, writable=True).close()
    open_archive(path, writable=False).close()


@pytest.mark.parametrize("writable", [False, True])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE individuals (number INTEGER)",
        "PRAGMA application_id = 7",
        "PRAGMA user_version = 1",
    ],
)
def test_a_database_of_another_program_is_refused_and_left_alone(
    tmp_path, statement, writable
):
    path = tmp_path / "search.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()
    before = path.read_bytes()
    assert "database of another program" in refusal(path, writable=writable)
    assert path.read_bytes() == before


@pytest.mark.parametrize("writable", [False, True])
def test_an_archive_of_a_newer_version_is_refused_and_left_alone(
    tmp_path, writable
):
    path = new_search(tmp_path, 1)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()
    words = "its version is 99, this hnas_tf reads up to 2"
    assert refusal(path, writable=writable) == words
    assert path.read_bytes() == before


def test_a_truncated_archive_is_not_written_to(tmp_path, sound):
    path = tmp_path / "search.sqlite"
    for num_pages in range(1, len(sound) // PAGE):
        path.write_bytes(sound[: num_pages * PAGE])
        assert refusal(path, writable=True)


def damaged(sound, rng):
    """Returns the archive with a piece missing, zeroed, or overwritten."""
    content = bytearray(sound)
    at = rng.randrange(len(content))
    match rng.randrange(4):
        case 0:
            del content[at:]
        case 1:
            start = at // PAGE * PAGE
            content[start : start + PAGE] = bytes(PAGE)
        case 2:
            content[at : at + 500] = rng.randbytes(500)
        case _:
            for at in rng.choices(range(len(content)), k=30):
                content[at] = rng.randrange(256)
    return bytes(content)


def test_reading_a_damaged_archive_ends_in_a_sentence_or_not_at_all(
    tmp_path, sound
):
    for seed in range(150):
        path = tmp_path / f"{seed}.sqlite"
        path.write_bytes(damaged(sound, random.Random(seed)))
        with (
            contextlib.suppress(HnasError),
            open_archive(path, writable=False) as archive,
        ):
            read_all(archive)


def test_opening_a_damaged_archive_to_write_ends_in_a_sentence_or_not_at_all(
    tmp_path, sound
):
    for seed in range(150):
        path = tmp_path / f"{seed}.sqlite"
        content = damaged(sound, random.Random(seed))
        path.write_bytes(content)
        try:
            open_archive(path, writable=True).close()
        except HnasError:
            assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("PRAGMA user_version = 99", "its version is 99"),
        ("UPDATE individuals SET fitness = 7", "not as hnas_tf writes it"),
        ("DROP INDEX events_by_individual", "its tables are not those"),
    ],
)
def test_nothing_is_written_to_a_workdir_whose_archive_is_refused(
    tmp_path, statement, words
):
    path = new_search(tmp_path, 3)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()
    before = contents(tmp_path)
    evolution = replace(CONFIG.evolution, num_evaluations=9_000)
    more = replace(CONFIG, evolution=evolution)
    with pytest.raises(ArchiveError, match=words), open_search(tmp_path, more):
        pass
    assert contents(tmp_path) == before


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}
