"""Folders that a user may not write to, or not even read.

Root may do everything, so a program asks as somebody else.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.archive.samples import listing, new_search

PROGRAM = """
import os, sys, urllib.parse  # Or later, as somebody who may not.
from hnas_tf.archive import Archive, open_search
from hnas_tf.errors import ArchiveError
from tests.archive.samples import CONFIG
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    if sys.argv[1] == "write":
        with open_search(sys.argv[2], CONFIG) as archive:
            print(archive.num_individuals())
    else:
        with Archive.open(sys.argv[2]) as archive:
            print(archive.num_individuals())
except ArchiveError as error:
    print("ArchiveError:", error)
"""


def as_somebody(how, workdir):
    """Returns what a program without root's powers says of a workdir."""
    command = [sys.executable, "-c", PROGRAM, how, str(workdir)]
    found = subprocess.run(command, check=False, capture_output=True, text=True)
    assert found.stderr == ""
    return found.stdout


@pytest.fixture
def folder():
    """Returns a folder that everybody reaches; pytest's own are private."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o755)
        workdir = path / "workdir"
        workdir.mkdir()
        yield workdir
        workdir.chmod(0o755)


def test_a_folder_that_cannot_be_written_is_no_workdir(folder):
    folder.chmod(0o555)
    said = as_somebody("write", folder)
    assert said.startswith("ArchiveError: Expected a workdir that can be wri")
    assert listing(folder) == []


def test_a_workdir_cannot_be_made_where_nothing_can_be_written(folder):
    folder.chmod(0o555)
    said = as_somebody("write", folder / "runs" / "mine")
    assert said.startswith("ArchiveError: Expected to make the workdir ")
    assert "Permission denied" in said


def test_a_folder_that_cannot_be_read_is_no_workdir(folder):
    folder.chmod(0o333)
    assert as_somebody("write", folder).startswith("ArchiveError: ")


def test_a_folder_that_cannot_be_entered_is_no_workdir(folder):
    folder.chmod(0o000)
    assert as_somebody("write", folder).startswith("ArchiveError: ")
    assert as_somebody("read", folder).startswith("ArchiveError: ")


def test_an_archive_that_cannot_be_read_ends_in_a_sentence(folder):
    new_search(folder, 2).chmod(0o000)
    folder.chmod(0o555)
    assert as_somebody("read", folder).startswith("ArchiveError: ")


def test_a_finished_search_is_read_where_nothing_can_be_written(folder):
    new_search(folder, 2)
    folder.chmod(0o555)
    assert as_somebody("read", folder) == "2\n"
