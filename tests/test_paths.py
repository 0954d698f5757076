"""What is written stays in the folder that a flag names."""

import json
from pathlib import Path

import pytest

from hnas_tf import files
from hnas_tf.archive import copy_search, open_search
from hnas_tf.archive.workdir import make_local_dir
from hnas_tf.config import DataConfig
from hnas_tf.data.prepared import prepare
from hnas_tf.errors import ArchiveError, InvalidError
from hnas_tf.evolve import evolve
from hnas_tf.reporting import BestFiles, TensorBoard
from hnas_tf.training.workdir import open_final
from tests.archive.samples import CONFIG, new_search
from tests.data.image_files import png, write
from tests.data.preparations import document_of
from tests.evolve.test_evolve import config
from tests.toy_engine import ToyEngine

NAMES = ("../../x", "/etc/x", "a/b", "..", "\0", "a\nb")


def there(folder):
    """Returns all that lies in a folder, but for the workdir `mine`."""
    return sorted(
        path
        for path in folder.rglob("*")
        if not path.is_relative_to(folder / "mine")
    )


@pytest.fixture
def other(tmp_path):
    """A folder elsewhere, in which nothing may change."""
    folder = tmp_path / "other"
    write(folder, {"search/kept": b"1", "genotype.json": b"2"})
    before = {path: path.stat() for path in there(tmp_path)}
    yield folder
    assert {path: path.stat() for path in there(tmp_path)} == before


LINKS = (
    "best",
    "data",
    "tensorboard",
    "repeat_1",
    "search.sqlite",
    "search.sqlite-wal",
    "best/genotype.json",
    "tensorboard/candidates/000001",
)


@pytest.mark.parametrize("name", LINKS)
def test_a_workdir_that_leads_elsewhere_is_refused(tmp_path, other, name):
    link = tmp_path / "mine" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(other, target_is_directory=True)
    for opened in (
        lambda: open_search(tmp_path / "mine", CONFIG),
        lambda: open_final(str(tmp_path / "mine"), is_writer=True),
    ):
        with (
            pytest.raises(ArchiveError, match="without links"),
            opened(),
        ):
            pass


def test_a_workdir_may_be_a_link_and_hold_others(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk/venv").symlink_to(tmp_path)
    (tmp_path / "mine").symlink_to(tmp_path / "disk")
    make_local_dir(tmp_path / "mine")
    new_search(tmp_path / "mine", 1)
    assert (tmp_path / "disk/search.sqlite").is_file()


def test_a_link_is_replaced_where_a_file_is(tmp_path, other):
    workdir = tmp_path / "mine"
    workdir.mkdir()
    (workdir / "config.json").symlink_to(other / "genotype.json")
    files.write_text(workdir / "config.json", "{}")
    assert not (workdir / "config.json").is_symlink()


def test_a_copy_follows_no_link(tmp_path, other):
    new_search(tmp_path / "mine", 1)
    copy = tmp_path / "mine" / "copy"
    copy.mkdir()
    for name in ("config.json", ".search.sqlite.partial"):
        (copy / name).symlink_to(other / "no" / "such" / "file")
    copy_search(tmp_path / "mine", copy)
    assert not any(path.is_symlink() for path in copy.iterdir())
    (copy / "search.sqlite").unlink()
    (copy / "search.sqlite").symlink_to(other / "genotype.json")
    with pytest.raises(ArchiveError, match="without links"):
        copy_search(tmp_path / "mine", copy)


@pytest.mark.usefixtures("verified")
def test_a_search_writes_into_its_workdir_alone(tmp_path, other, monkeypatch):
    monkeypatch.chdir(tmp_path)
    workdir, its = Path("mine"), config()
    watchers = [BestFiles(workdir), TensorBoard(workdir)]
    with open_search(workdir, its) as archive:
        evolve(its, archive=archive, engine=ToyEngine(), watchers=watchers)
    assert (workdir / "best/genotype.json").is_file()


@pytest.mark.parametrize("name", NAMES)
def test_a_fingerprint_is_no_path(name):
    with pytest.raises(InvalidError, match="letters and digits"):
        DataConfig(fingerprint=name)


@pytest.mark.parametrize("fingerprint", ["../other", "0", ""])
def test_pictures_of_another_fingerprint_than_their_folders_are_not_taken(
    tmp_path, other, fingerprint
):
    pictures = write(
        tmp_path / "mine" / "pictures",
        {f"train/{n % 2}/{n}.png": png(n) for n in range(20)},
    )
    document = document_of(pictures, tmp_path / "mine" / "data")
    found = prepare(document)
    place = tmp_path / "mine" / "data" / found["fingerprint"]
    lie = json.dumps(found | {"fingerprint": fingerprint})
    (place / "description.json").write_text(lie)
    assert prepare(document) == found


@pytest.mark.parametrize("name", ["x..\\..", "~", "$HOME", "a\nb", "\x1b["])
def test_a_class_has_any_name_and_no_folder_is_called_after_it(
    tmp_path, other, name
):
    pictures = write(
        tmp_path / "mine" / "pictures",
        {f"train/{name}{n % 2}/{n}.png": png(n) for n in range(20)},
    )
    found = prepare(document_of(pictures, tmp_path / "mine" / "data"))
    assert set(found["class_names"]) == {f"{name}0", f"{name}1"}
