"""The folder where versions appear, and only whole ones."""

import pathlib
import signal
import subprocess
import sys
import tempfile

import numpy as np
import pytest

from hnas_tf.archive.workdir import lock
from hnas_tf.config import DataConfig, ExportConfig
from hnas_tf.errors import ArchiveError, HnasError, InvalidError
from hnas_tf.serving.export_dir import (
    new_version,
    open_export_dir,
    version_dir,
)
from hnas_tf.serving.exporter import export_trained
from tests import processes
from tests.serving.exports import keras_may_warn
from tests.training.trained_samples import some_digits, write_npz

pytestmark = keras_may_warn

# Root may do everything, so a program asks as somebody else.
AS_SOMEBODY = """
import os, sys
from pathlib import Path
from hnas_tf.errors import ArchiveError
from hnas_tf.serving.export_dir import new_version, open_export_dir
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    export_dir = Path(sys.argv[1])
    with open_export_dir(export_dir), new_version(export_dir):
        print("written")
except ArchiveError as error:
    print("ArchiveError:", error)
"""


def add_version(export_dir):
    with (
        open_export_dir(export_dir),
        new_version(export_dir) as (folder, version),
    ):
        (folder / "saved_model.pb").write_text(f"version {version}")
    return version


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_versions_count_up(tmp_path):
    export_dir = tmp_path / "models" / "digits"
    assert [add_version(export_dir) for _ in range(3)] == [1, 2, 3]
    assert names_in(export_dir) == ["1", "2", "3"]
    for version in "123":
        path = export_dir / version / "saved_model.pb"
        assert path.read_text() == f"version {version}"
        assert path.parent.stat().st_mode & 0o777 == 0o755


def test_what_stands_there_already_is_left_alone(tmp_path):
    (tmp_path / "7").write_text("a file")
    (tmp_path / "latest").mkdir()
    (tmp_path / "3").mkdir()
    assert add_version(tmp_path) == 8
    assert (tmp_path / "7").read_text() == "a file"
    assert names_in(tmp_path) == ["3", "7", "8", "latest"]
    assert list((tmp_path / "3").iterdir()) == []


def test_while_it_is_written_no_version_is_there(tmp_path):
    with new_version(tmp_path) as (folder, _):
        (folder / "assets").mkdir()
        assert not any(name.isdecimal() for name in names_in(tmp_path))
    assert names_in(tmp_path) == ["1"]


@pytest.mark.parametrize("error", [HnasError("no"), KeyboardInterrupt()])
def test_what_fails_leaves_nothing(tmp_path, error):
    add_version(tmp_path)
    with pytest.raises(type(error)), new_version(tmp_path) as (folder, _):
        (folder / "saved_model.pb").write_text("half of it")
        raise error
    assert names_in(tmp_path) == ["1"]


def test_a_disk_that_is_full_is_told_of_in_a_sentence(tmp_path):
    with (
        pytest.raises(ArchiveError, match=f"{tmp_path}. Received: No space"),
        new_version(tmp_path),
        pathlib.Path("/dev/full").open("w") as file,
    ):
        file.write("a version")
    assert names_in(tmp_path) == []


def test_what_a_killed_export_left_is_removed(tmp_path):
    (tmp_path / ".new-abc" / "assets").mkdir(parents=True)
    assert add_version(tmp_path) == 1
    assert names_in(tmp_path) == ["1"]


def test_half_a_page_that_a_killed_export_left_is_removed_too(tmp_path):
    (tmp_path / ".new-README.md-123").write_text("half a page")
    assert add_version(tmp_path) == 1
    assert names_in(tmp_path) == ["1"]


def test_two_exports_do_not_write_at_once(trained, tmp_path):
    add_version(tmp_path)
    with (
        lock(tmp_path),
        pytest.raises(ArchiveError, match="that no other program uses. Recei"),
    ):
        export_trained(trained, DataConfig(), tmp_path, ExportConfig("digits"))
    assert names_in(tmp_path) == ["1"]


@pytest.mark.parametrize("bucket", ["gs://bucket/digits", "s3://bucket"])
def test_a_bucket_is_no_folder_to_export_to(trained, bucket):
    path = pathlib.Path(bucket)
    with pytest.raises(ArchiveError, match=f"of this machine, .*: {path}"):
        export_trained(trained, DataConfig(), path, ExportConfig("digits"))
    assert not path.exists() and not pathlib.Path(path.parts[0]).exists()


def test_a_file_is_no_folder_to_export_to(tmp_path):
    path = tmp_path / "digits"
    path.write_text("a file")
    with pytest.raises(ArchiveError, match="to make the folder .*File exists"):
        add_version(path)


@pytest.mark.parametrize("rest", ["", "digits"])
def test_nothing_is_exported_to_where_nothing_can_be_written(rest):
    with tempfile.TemporaryDirectory() as name:  # pytest's own are private.
        folder = pathlib.Path(name)
        folder.chmod(0o555)
        command = [sys.executable, "-c", AS_SOMEBODY, str(folder / rest)]
        said = subprocess.run(
            command, check=True, capture_output=True, text=True
        )
        assert said.stdout.startswith("ArchiveError: Expected ")
        assert "denied" in said.stdout and len(said.stdout.splitlines()) == 1
        assert said.stderr == ""
        assert names_in(folder) == []


def test_a_dataset_of_other_classes_exports_nothing(trained, tmp_path):
    images, labels = some_digits(4)
    dataset = write_npz(tmp_path / "new.npz", test=(images, labels + 8))
    data, export_dir = DataConfig(dataset=dataset), tmp_path / "export"
    with pytest.raises(InvalidError, match="knows: 0, 1, .* Received: 12"):
        export_trained(trained, data, export_dir, ExportConfig("digits"))
    assert not export_dir.exists()


def test_a_dataset_of_other_channels_exports_nothing(trained, tmp_path):
    images, labels = some_digits(4)
    color = np.repeat(images, 3, axis=3)
    dataset = write_npz(tmp_path / "color.npz", test=(color, labels))
    data, export_dir = DataConfig(dataset=dataset), tmp_path / "export"
    with pytest.raises(InvalidError, match="of 1 channels.*with 3"):
        export_trained(trained, data, export_dir, ExportConfig("digits"))
    assert not export_dir.exists()


def test_the_newest_version_or_the_one_that_is_named_is_found(tmp_path):
    with pytest.raises(HnasError, match="Received: no such folder"):
        version_dir(tmp_path / "nowhere")
    with pytest.raises(HnasError, match="Received: no version in it"):
        version_dir(tmp_path)
    for version in (2, 10, 9):
        (tmp_path / str(version)).mkdir()
        (tmp_path / str(version) / "hnas_tf.json").touch()
    assert version_dir(tmp_path) == tmp_path / "10"
    assert version_dir(tmp_path / "9") == tmp_path / "9"


def is_verifying(mark):
    """Returns whether the child that loads an export is there."""
    for pid in processes.pids(mark):
        try:
            command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if b"standalone.py" in command:
            return True
    return False


def test_a_killed_or_interrupted_export_leaves_no_version(
    workdir, trained, tmp_path, mark
):
    marks = {"killed": mark, "interrupted": processes.new_mark()}
    started = {
        name: processes.start(
            each,
            "export",
            f"--workdir={workdir}",
            f"--export_dir={tmp_path / name}",
            TMPDIR=str(tmp_path),
        )
        for name, each in marks.items()
    }
    for each in marks.values():
        processes.wait_for(lambda each=each: is_verifying(each))
    started["interrupted"].send_signal(signal.SIGTERM)
    processes.kill(started["killed"])
    assert started["interrupted"].communicate() == ("", "")
    assert started["interrupted"].returncode == 128 + signal.SIGTERM
    for each in marks.values():
        processes.wait_until_gone(each)
    assert names_in(tmp_path / "interrupted") == []
    (name,) = names_in(tmp_path / "killed")
    assert name.startswith(".new-")

    config = ExportConfig(model_name="digits", warmup_batch_sizes=())
    export_dir = tmp_path / "killed"
    document = export_trained(trained, DataConfig(), export_dir, config)
    assert document["model_version"] == 1
    assert not any(name.startswith(".") for name in names_in(export_dir))
