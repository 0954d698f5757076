"""The pictures of a search: decoded once, whole or not at all."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from hnas_tf.config import DataConfig
from hnas_tf.data.dataset import load
from hnas_tf.data.prepared import load_prepared, prepare
from hnas_tf.data.splits import TRAIN, VALIDATION
from hnas_tf.errors import ArchiveError, InvalidError
from tests import disks
from tests.data.image_files import png, write, write_classes
from tests.data.preparations import document_of


@pytest.fixture
def folder(tmp_path):
    return write_classes(tmp_path / "pictures", each=10)


@pytest.fixture
def prepared(tmp_path):
    return tmp_path / "workdir" / "data"


def states(prepared):
    """Returns what changes when a file is written anew."""
    return {
        path: (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in prepared.rglob("*")
        if path.is_file()
    }


def start(folder, prepared, *last):
    """Starts a preparation in a process of its own."""
    module = "tests.data.preparations"
    return subprocess.Popen(
        [sys.executable, "-m", module, str(folder), str(prepared), *last],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def loaded(document, description):
    config = DataConfig(
        **document | {"fingerprint": description["fingerprint"]}
    )
    return load_prepared(config)


def test_what_is_prepared_is_what_is_loaded(folder, prepared):
    document = document_of(folder, prepared)
    description = prepare(document)
    assert json.loads(json.dumps(description)) == description
    assert description["num_examples"] == {TRAIN: 16, VALIDATION: 4}
    *splits, known = loaded(document, description)
    for split, name in zip(splits, (TRAIN, VALIDATION), strict=True):
        expected = load(DataConfig(**document), name)[0]
        assert np.array_equal(split.examples.images, expected.examples.images)
        assert np.array_equal(split.examples.labels, expected.examples.labels)
        assert split.names == expected.names
    train = splits[0].examples.images.reshape(-1, 3)
    assert np.allclose(known.mean, train.mean(axis=0), atol=6e-4)
    assert known.image_size == (8, 8)


def test_pictures_are_mapped_and_no_one_changes_them_for_others(
    folder, prepared
):
    document = document_of(folder, prepared)
    description = prepare(document)
    images = loaded(document, description)[0].examples.images
    assert isinstance(images, np.memmap)
    before = images[0, 0, 0, 0]
    images[0, 0, 0, 0] ^= 1
    again = loaded(document, description)[0].examples.images
    assert again[0, 0, 0, 0] == before


def test_the_second_preparation_writes_nothing(folder, prepared):
    document = document_of(folder, prepared)
    first, before = prepare(document), states(prepared)
    assert prepare(document) == first
    assert states(prepared) == before


def test_changed_pictures_are_prepared_anew(folder, prepared):
    document = document_of(folder, prepared)
    first = prepare(document)
    write(folder, {"train/cat/000.png": png(99)})
    # TensorFlow tells when a file was changed in whole seconds.
    os.utime(folder / "train/cat/000.png", (1, 1))
    second = prepare(document)
    assert second["fingerprint"] != first["fingerprint"]
    names = {path.name for path in prepared.iterdir()}
    assert names == {first["fingerprint"], second["fingerprint"]}
    assert len(loaded(document, first)[0].names) == 16


@pytest.mark.parametrize(
    "options",
    [{"image_size": 9}, {"split_seed": 1}, {"validation_fraction": 0.4}],
)
def test_other_flags_are_prepared_anew(folder, prepared, options):
    first = prepare(document_of(folder, prepared))
    second = prepare(document_of(folder, prepared, **options))
    assert second["fingerprint"] != first["fingerprint"]
    assert prepare(document_of(folder, prepared)) == first


def test_equal_pictures_listed_otherwise_take_the_same_place(folder, prepared):
    document = document_of(folder, prepared)
    first = prepare(document)
    path = folder / "train/dog/009.png"
    path.rename(path.with_name("010.png"))
    second = prepare(document)
    assert first["fingerprint"] == second["fingerprint"]
    assert first["key"] != second["key"]
    assert [path.name for path in prepared.iterdir()] == [first["fingerprint"]]
    assert prepare(document) == second
    names = (
        loaded(document, second)[0].names + loaded(document, second)[1].names
    )
    assert "train/dog/010.png" in names


def test_two_at_once_leave_one_folder(folder, prepared):
    both = [start(folder, prepared) for _ in range(2)]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert said[0][0] == said[1][0]
    assert [path.name for path in prepared.iterdir()] == [said[0][0].strip()]


@pytest.mark.parametrize("last", ["train_names.json", "description.json"])
def test_what_a_killed_preparation_left_counts_for_nothing(
    folder, prepared, last
):
    process = start(folder, prepared, last)
    process.communicate(timeout=120)
    assert process.returncode == -9
    (left,) = prepared.iterdir()
    assert left.name.startswith(".new-") and (left / last).exists()
    document = document_of(folder, prepared)
    description = prepare(document)
    assert [p.name for p in prepared.iterdir()] == [description["fingerprint"]]
    assert len(loaded(document, description)[0].names) == 16


def test_skipped_pictures_are_not_in_it(folder, prepared):
    bad = {f"train/{c}/{n:03}.png": b"" for c in ("cat", "dog") for n in (0, 5)}
    write(folder, bad)
    document = document_of(folder, prepared)
    description = prepare(document)
    assert set(description["skipped"]) == set(bad)
    train, validation, known = loaded(document, description)
    assert known.num_examples == {
        TRAIN: len(train.names),
        VALIDATION: len(validation.names),
    }
    assert not set(bad) & {*train.names, *validation.names}
    for split in (train, validation):
        assert len(split.names) == len(split.examples.images)
        assert len(split.names) == len(split.examples.labels)
        assert [int("dog" in name) for name in split.names] == list(
            split.examples.labels
        )
    assert len(train.names) + len(validation.names) == 16
    (made,) = prepared.iterdir()
    assert len(list(made.iterdir())) == 7


def test_the_test_split_is_not_read(folder, prepared):
    write(folder, {f"test/cat/{n}.jpg": b"no picture" for n in range(5)})
    description = prepare(document_of(folder, prepared, bad_images="refuse"))
    assert description["skipped"] == {}
    assert set(description["num_examples"]) == {TRAIN, VALIDATION}


def test_a_refused_preparation_leaves_nothing_that_counts(folder, prepared):
    write(folder, {"train/cat/000.png": b""})
    for _ in range(2):
        with pytest.raises(InvalidError, match="train/cat/000.png"):
            prepare(document_of(folder, prepared, bad_images="refuse"))
    assert len(prepare(document_of(folder, prepared))["skipped"]) == 1
    assert len(list(prepared.iterdir())) == 1


@pytest.mark.parametrize(
    "name", ["description.json", "train_images.npy", "validation_names.json"]
)
def test_pictures_that_are_gone_are_named(folder, prepared, name):
    document = document_of(folder, prepared)
    description = prepare(document)
    place = prepared / description["fingerprint"]
    (place / name).unlink()
    with pytest.raises(ArchiveError, match=f"search in {place}. Received: "):
        loaded(document, description)
    shutil.rmtree(prepared)
    with pytest.raises(ArchiveError, match="No such file"):
        loaded(document, description)


def test_a_place_that_cannot_be_written_is_named(folder, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(ArchiveError, match=f"Expected to write {blocked}/data"):
        prepare(document_of(folder, blocked / "data"))


PREPARATION = """
import sys
from hnas_tf.data.prepared import prepare
from hnas_tf.errors import ArchiveError
from tests.data.preparations import document_of
try:
    prepare(document_of(*sys.argv[1:], image_size=300))
except ArchiveError as error:
    print(error)
"""


@disks.requires_mounts
def test_pictures_for_which_there_is_no_room_end_in_a_sentence(
    folder, tmp_path
):
    (disk := tmp_path / "disk").mkdir()
    program = (sys.executable, "-c", PREPARATION, folder, disk)
    done = disks.run(disks.SMALL, disk, 'exec "$@"', *program)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        f"Expected to write {disk}. Received: [Errno 28] No space left on "
        "device\n"
    )
