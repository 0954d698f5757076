"""A folder of pictures: its layout, its names, its mistakes."""

import contextlib
import os
import pathlib
import tempfile

import pytest

from hnas_tf.config import DataConfig
from hnas_tf.data.sources import open_source
from hnas_tf.errors import InvalidError
from tests.data.image_files import png, write, write_classes


@contextlib.contextmanager
def as_somebody():
    """Is somebody else for a while, since root may read everything."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def opened(path):
    return open_source(DataConfig(dataset=f"folder:{path}"))


def complaint(path):
    with pytest.raises(InvalidError) as raised:
        opened(path)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_labels_are_the_folders_in_order(tmp_path):
    splits = ("test", "train", "validation")
    write_classes(tmp_path, classes=("b", "a", "C"), each=2, splits=splits)
    source = opened(tmp_path)
    assert source.class_names == ("C", "a", "b")
    assert (source.image_channels, source.image_size) == (3, None)
    assert set(source.found) == set(splits)
    for split, pictures in source.found.items():
        assert pictures.labels.tolist() == [0, 0, 1, 1, 2, 2]
        assert pictures.names[2:4] == [f"{split}/a/{n:03}.png" for n in (0, 1)]


def test_a_picture_is_read_from_its_file(tmp_path):
    write_classes(tmp_path, each=2)
    pictures = opened(tmp_path).found["train"]
    read = [pictures.read(key) for key in pictures.in_order()]
    assert [record.numpy() for record, _ in read] == [png(n) for n in range(4)]
    assert [int(label) for _, label in read] == [0, 0, 1, 1]


def test_only_files_with_the_suffix_of_a_picture_count(tmp_path):
    write_classes(tmp_path, each=1)
    wanted = ["a.JPG", "b.jpeg", "c.Png", "d.jpg"]
    others = [".e.jpg", "._f.png", "g.txt", "h.gif", "jpg", "Thumbs.db"]
    contents = {f"train/cat/{name}": b"" for name in wanted + others}
    write(tmp_path, contents | {".git/x": b"", "train/.x/y.jpg": b""})
    write(tmp_path, {"train/README.jpg": b"", "notes/x.jpg": b""})
    source = opened(tmp_path)
    assert source.class_names == ("cat", "dog")
    names = [name.split("/", 1)[1] for name in source.found["train"].names]
    assert names == [
        "cat/000.png",
        *(f"cat/{name}" for name in wanted),
        "dog/000.png",
    ]


@pytest.mark.parametrize(
    "name", ["two words", "Bäume", "猫", "a:b", "50%", "*"]
)
def test_names_may_be_anything(tmp_path, name):
    folder = write_classes(tmp_path / name, classes=("dog", name), each=1)
    write(folder, {f"train/{name}/{name}.png": png(1)})
    pictures = opened(folder).found["train"]
    assert f"train/{name}/{name}.png" in pictures.names
    records = [pictures.read(key)[0].numpy() for key in pictures.in_order()]
    assert png(1) in records


def test_a_slash_at_the_end_changes_nothing(tmp_path):
    write_classes(tmp_path)
    one, other = opened(tmp_path), opened(f"{tmp_path}//")
    assert one.key == other.key
    assert one.found["train"].names == other.found["train"].names


def test_validation_and_test_may_lack_a_class(tmp_path):
    write_classes(tmp_path)
    write_classes(tmp_path, classes=("dog",), each=1, splits=("test",))
    assert opened(tmp_path).found["test"].labels.tolist() == [1]


def test_a_link_to_nowhere_is_a_picture_that_cannot_be_read(tmp_path):
    write_classes(tmp_path, each=1)
    (tmp_path / "train" / "cat" / "gone.jpg").symlink_to("/nowhere")
    assert "train/cat/gone.jpg" in opened(tmp_path).found["train"].names


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "Expected a folder of pictures at FOLDER. Received: Could not"),
        ({"x.jpg": b""}, "at least train, in FOLDER. Received: no folder"),
        ({"cat/1.jpg": b"", "dog/1.jpg": b""}, "Received: cat, dog"),
        ({"train/1.jpg": b""}, "2 classes in FOLDER/train. Received: no fol"),
        ({"train/cat/1.jpg": b""}, "2 classes in FOLDER/train. Received: cat"),
        (
            {f"{s}/1.jpg": b"" for s in ("train/a", "train/b", "test/c")},
            "Expected in FOLDER/test the classes of FOLDER/train. Received: c",
        ),
        (
            {"train/a/1.jpg": b"", "train/b/1.txt": b"", "train/c/.x": b""},
            "of every class in folder:FOLDER. Received: none of b, c",
        ),
        (
            {f"{s}/1.jpg": b"" for s in ("train/a", "train/b", "test/a/x")},
            "Expected pictures in the test split of folder:FOLDER",
        ),
    ],
)
def test_a_mistake_is_told_in_a_sentence(tmp_path, files, words):
    folder = write(tmp_path / "pictures", files)
    assert words.replace("FOLDER", str(folder)) in complaint(folder)


def test_a_file_is_no_folder(tmp_path):
    write(tmp_path, {"x.jpg": b""})
    assert "Expected a folder of pictures at" in complaint(tmp_path / "x.jpg")


def test_names_that_are_no_unicode_are_named(tmp_path):
    write_classes(tmp_path)
    path = os.fsencode(tmp_path / "train" / "cat") + b"/\xe4.jpg"
    with open(path, "wb"):  # noqa: PTH123 (a path of bytes)
        pass
    words = (
        f"Expected names in UTF-8 in {tmp_path}/train/cat. Received: b'\\xe4"
    )
    assert words in complaint(tmp_path)


def test_a_folder_that_may_not_be_read_is_named():
    # The folders of pytest are closed to others as a whole.
    with tempfile.TemporaryDirectory() as name:
        folder = write_classes(pathlib.Path(name))
        folder.chmod(0o755)
        locked = folder / "train" / "cat"
        locked.chmod(0)
        with as_somebody():
            words = complaint(folder)
        locked.chmod(0o700)
    assert words.startswith(f"Expected a folder of pictures at {locked}. ")
    assert "Permission denied" in words


def test_the_key_is_that_of_the_files(tmp_path):
    write_classes(tmp_path)
    path = tmp_path / "train" / "cat" / "000.png"
    keys = [opened(tmp_path).key]
    assert keys == [opened(tmp_path).key]

    path.write_bytes(png(99) + b"longer")
    keys.append(opened(tmp_path).key)
    os.utime(path, ns=(1, 1))
    keys.append(opened(tmp_path).key)
    write(tmp_path, {"train/cat/new.jpg": b""})
    keys.append(opened(tmp_path).key)
    path.rename(path.with_name("other.png"))
    keys.append(opened(tmp_path).key)
    (tmp_path / "train" / "dog").rename(tmp_path / "train" / "wolf")
    keys.append(opened(tmp_path).key)
    write_classes(tmp_path, classes=("cat",), splits=("test",))
    keys.append(opened(tmp_path).key)
    assert len(set(keys)) == 7

    write(tmp_path, {"train/cat/notes.txt": b"", "notes.jpg": b""})
    os.utime(tmp_path / "train" / "cat", ns=(1, 1))
    assert opened(tmp_path).key == keys[-1]
