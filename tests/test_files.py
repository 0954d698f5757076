"""Files that appear whole or not at all."""

import os
import stat
import threading

import pytest

from hnas_tf import files
from hnas_tf.errors import ArchiveError
from tests.archive.samples import files_limited_to, listing


def test_bytes_are_written_as_they_are(tmp_path):
    content = bytes(range(256)) * 99
    files.write_bytes(tmp_path / "file", content)
    assert (tmp_path / "file").read_bytes() == content


def test_text_is_utf8_with_line_ends_as_they_are(tmp_path):
    files.write_text(str(tmp_path / "file"), "ä\n→\r\n")
    assert (tmp_path / "file").read_bytes() == "ä\n→\r\n".encode()


def test_missing_folders_are_made(tmp_path):
    files.write_text(tmp_path / "a" / "b" / "file", "text")
    assert (tmp_path / "a" / "b" / "file").read_text() == "text"


def test_a_relative_path_lies_in_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files.write_text("file", "text")
    assert listing(tmp_path) == ["file"]


def test_everybody_may_read_a_file(tmp_path):
    files.write_text(tmp_path / "file", "text")
    mode = stat.S_IMODE((tmp_path / "file").stat().st_mode)
    assert mode == 0o644


def test_a_file_is_replaced_and_nothing_stays_beside_it(tmp_path):
    for text in ("long " * 1000, "short"):
        files.write_text(tmp_path / "file", text)
        assert (tmp_path / "file").read_text() == text
    assert listing(tmp_path) == ["file"]


def test_whoever_has_the_old_file_open_keeps_reading_it(tmp_path):
    files.write_text(tmp_path / "file", "old")
    with (tmp_path / "file").open() as old:
        files.write_text(tmp_path / "file", "new")
        assert old.read() == "old"
    assert (tmp_path / "file").read_text() == "new"


def test_a_reader_sees_one_whole_file_or_another(tmp_path):
    texts = [letter * 50_000 for letter in "abc"]
    files.write_text(tmp_path / "file", texts[0])

    def write():
        for number in range(60):
            files.write_text(tmp_path / "file", texts[number % 3])

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        assert (tmp_path / "file").read_text() in texts
    writer.join()
    assert listing(tmp_path) == ["file"]


@pytest.mark.parametrize("num_bytes", [0, 1, 9999])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, num_bytes):
    path = tmp_path / "file"
    files.write_text(path, "old")
    words = rf"Expected to write {path}\. Received: File too large"
    refused = pytest.raises(ArchiveError, match=words)
    with refused, files_limited_to(num_bytes):
        files.write_bytes(path, bytes(10_000))
    assert path.read_text() == "old"
    assert listing(tmp_path) == ["file"]


@pytest.mark.parametrize("below", ["file/new", "file/a/b/new"])
def test_a_file_is_no_folder(tmp_path, below):
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveError, match=r"^Expected to write .* Received: "):
        files.write_text(tmp_path / below, "text")
    assert listing(tmp_path) == ["file"]


def test_a_folder_is_not_replaced_by_a_file(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(ArchiveError, match="Received: Is a directory"):
        files.write_text(tmp_path / "folder", "text")
    assert listing(tmp_path) == ["folder"]


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_a_name_that_no_file_can_have_is_an_error(tmp_path, name):
    with pytest.raises(ArchiveError, match=r"^Expected to write .* Received: "):
        files.write_text(tmp_path / name, "text")
    assert listing(tmp_path) == []


@pytest.mark.parametrize("path", ["", ".", "/"])
def test_a_path_without_a_name_is_an_error(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ArchiveError, match=r"^Expected to write .* Received: "):
        files.write_text(path, "text")
    assert listing(tmp_path) == []


def test_an_interrupt_leaves_nothing_behind(tmp_path, monkeypatch):
    def interrupted(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.write_text(tmp_path / "file", "text")
    assert listing(tmp_path) == []
