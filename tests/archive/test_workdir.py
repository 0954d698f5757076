"""The workdir of a search: who may write there, and what must match."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hnas_tf.archive import Archive, open_search, read_config
from hnas_tf.archive.workdir import make_local_dir
from hnas_tf.config import (
    DataConfig,
    EvolutionConfig,
    SearchConfig,
    WorkersConfig,
)
from hnas_tf.errors import ArchiveError
from tests.archive.samples import CONFIG, fill, listing, new_search, read_all


def refusal(workdir, config=CONFIG):
    with pytest.raises(ArchiveError) as caught, open_search(workdir, config):
        pass
    return str(caught.value)


def test_a_new_workdir_is_made_with_its_configuration(tmp_path):
    workdir = tmp_path / "runs" / "mine"
    with open_search(workdir, CONFIG) as archive:
        assert read_config(workdir / "config.json") == CONFIG
        fill(archive, 1)
    assert listing(workdir) == ["config.json", "search.sqlite"]


def test_a_relative_workdir_lies_in_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert make_local_dir("runs/mine") == tmp_path / "runs" / "mine"
    assert (tmp_path / "runs" / "mine").is_dir()


def test_another_configuration_is_refused_with_the_difference(tmp_path):
    new_search(tmp_path, 2)
    other = dataclasses.replace(CONFIG, seed=5, data=DataConfig("tfds:cifar10"))
    message = refusal(tmp_path, other)
    assert f"the search in {tmp_path}, or another workdir." in message
    assert "data.dataset: digits there, tfds:cifar10 now" in message
    assert "seed: 0 there, 5 now" in message
    assert read_config(tmp_path / "config.json") == CONFIG
    with Archive.open(tmp_path) as reader:
        assert reader.num_individuals() == 2


def evaluations(number):
    evolution = dataclasses.replace(CONFIG.evolution, num_evaluations=number)
    return dataclasses.replace(CONFIG, evolution=evolution)


def test_more_evaluations_are_accepted_and_written_down(tmp_path):
    for number in (10, 10, 25):
        with open_search(tmp_path, evaluations(number)):
            pass
        assert read_config(tmp_path / "config.json") == evaluations(number)
    message = refusal(tmp_path, evaluations(24))
    assert "num_evaluations: 25 there, 24 now" in message
    assert read_config(tmp_path / "config.json") == evaluations(25)


def test_who_evaluates_may_change(tmp_path):
    new_search(tmp_path, 1)
    workers = WorkersConfig(
        num_workers=7,
        candidate_timeout_seconds=9,
        recycle_worker_after=3,
        max_attempts=1,
    )
    with open_search(tmp_path, dataclasses.replace(CONFIG, workers=workers)):
        pass
    threads = WorkersConfig(threads_per_worker=2)
    other = dataclasses.replace(CONFIG, workers=threads)
    assert "threads_per_worker: 1 there, 2 now" in refusal(tmp_path, other)


def test_a_second_writer_is_refused_and_the_first_goes_on(tmp_path):
    with open_search(tmp_path, CONFIG) as archive:
        assert f"{tmp_path}, where one is running" in refusal(tmp_path)
        fill(archive, 1)
    with open_search(tmp_path, CONFIG) as archive:
        assert archive.num_individuals() == 1


def test_a_second_writer_in_another_program_is_refused(tmp_path):
    program = (
        "import sys; from tests.archive.samples import CONFIG, new_search;"
        "from pathlib import Path; new_search(Path(sys.argv[1]), 1)"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with open_search(tmp_path, CONFIG):
        found = subprocess.run(
            command, check=False, capture_output=True, text=True
        )
    assert found.returncode == 1
    assert f"where one is running (process {os.getpid()})" in found.stderr
    subprocess.run(command, check=True)


def test_the_workdir_is_free_again_after_an_error(tmp_path):
    with pytest.raises(RuntimeError), open_search(tmp_path, CONFIG):
        raise RuntimeError
    refusal(tmp_path, SearchConfig(seed=1))
    with open_search(tmp_path, CONFIG) as archive:
        fill(archive, 1)


@pytest.mark.parametrize(
    "address",
    [
        "gs://bucket/runs",
        "s3://bucket/runs",
        "file:///tmp/runs",
        Path("gs://bucket/runs"),
    ],
)
def test_an_address_is_no_workdir(tmp_path, monkeypatch, address):
    monkeypatch.chdir(tmp_path)
    message = refusal(address)
    assert "Expected a workdir on a local disk. Received: " in message
    assert listing(tmp_path) == []


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_file_is_no_workdir(tmp_path, below):
    (tmp_path / "file").touch()
    message = refusal(tmp_path / "file" / below)
    assert "Expected to make the workdir" in message


def test_an_archive_without_its_configuration_is_refused(tmp_path):
    path = new_search(tmp_path, 1)
    (tmp_path / "config.json").unlink()
    assert "a workdir without config.json" in refusal(tmp_path)
    assert path.exists()
    assert not (tmp_path / "config.json").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 99}'])
def test_a_damaged_configuration_is_refused_and_left_alone(tmp_path, text):
    new_search(tmp_path, 1)
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    assert "Expected a configuration of version 2" in refusal(tmp_path)
    assert (tmp_path / "config.json").read_text(encoding="utf-8") == text


def test_a_configuration_alone_is_where_a_search_begins(tmp_path):
    path = new_search(tmp_path, 3)
    with Archive.open(tmp_path) as reader:
        before = read_all(reader)
    for file in tmp_path.glob("search.sqlite*"):
        file.unlink()
    assert not path.exists()
    new_search(tmp_path, 3)
    with Archive.open(tmp_path) as reader:
        assert read_all(reader) == before


def test_the_paper_sizes_a_search():
    evolution = EvolutionConfig()
    assert evolution.initial_population == 200
    assert evolution.num_evaluations == 7000
    assert evolution.tournament_fraction == 0.05


def test_the_file_system_is_known_of_a_folder_with_a_space(
    tmp_path, monkeypatch
):
    folder = tmp_path / "a b"
    mounts = f"disk / ext4 rw 0 0\nserver {tmp_path}/a\\040b nfs4 rw 0 0\n"
    monkeypatch.setattr(Path, "read_text", lambda path, encoding: mounts)
    with pytest.raises(ArchiveError, match="a b on nfs4"):
        make_local_dir(folder)
