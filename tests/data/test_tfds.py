"""Datasets of TensorFlow Datasets, prepared and read without a network."""

import json

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds

from hnas_tf.config import DataConfig
from hnas_tf.data.sources import open_source
from hnas_tf.data.tfds import open_tfds
from hnas_tf.errors import InvalidError
from tests.data.tfds_samples import (
    decoded,
    examples,
    picture,
    write_cifar10,
    write_imagenet,
    write_prepared,
)

FEATURES = {
    "image": tfds.features.Image(shape=(8, 8, 3), encoding_format="png"),
    "label": tfds.features.ClassLabel(names=["even", "odd"]),
}


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Whoever looks for a server fails, and so does the test."""
    asked = []
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: asked.append(a))
    yield
    assert not asked


def opened(tmp_path, name="toy", **config):
    return open_tfds(name, DataConfig(data_dir=str(tmp_path), **config))


def test_a_prepared_folder_is_read(tmp_path):
    splits = {"train": examples(range(7)), "test": examples(range(20, 24))}
    write_prepared(tmp_path, splits, features=FEATURES)
    source = opened(tmp_path)
    assert source.class_names == ("even", "odd")
    assert (source.image_channels, source.image_size) == (3, (8, 8))
    assert list(source.found) == ["train", "test"]
    images, labels = decoded(source.found["train"])
    assert np.array_equal(images, [picture(n, size=8) for n in range(7)])
    assert (
        labels
        == source.found["train"].labels.tolist()
        == [*(0, 1, 0, 1, 0, 1, 0)]
    )
    assert source.found["test"].names[3] == "test:3"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("dataset_info.json", "{"),
        ("dataset_info.json", "[]"),
        ("dataset_info.json", '{"splits": 3}'),
        ("features.json", "{}"),
        ("features.json", '{"pythonClassName": "os.system"}'),
    ],
)
def test_a_prepared_folder_that_somebody_changed_is_refused(
    tmp_path, name, content
):
    place = write_prepared(
        tmp_path, {"train": examples(range(3))}, features=FEATURES
    )
    (place / name).write_text(content)
    with pytest.raises(InvalidError, match="toy"):
        opened(tmp_path)


def test_a_split_without_files_is_none(tmp_path):
    place = write_prepared(
        tmp_path, {"train": examples(range(3))}, features=FEATURES
    )
    info = place / "dataset_info.json"
    document = json.loads(info.read_text())
    document["splits"][0]["shardLengths"] = []
    info.write_text(json.dumps(document))
    with pytest.raises(InvalidError, match="Expected a train split"):
        opened(tmp_path)


def test_a_name_may_have_a_version(tmp_path):
    write_prepared(tmp_path, {"train": examples([1])}, features=FEATURES)
    assert opened(tmp_path, "toy:1.0.0").key == opened(tmp_path).key
    with pytest.raises(InvalidError, match="Received: toy:2.0.0"):
        opened(tmp_path, "toy:2.0.0")


def test_grey_pictures_of_any_size_are_found_as_such(tmp_path):
    image = tfds.features.Image(shape=(None, None, 1), encoding_format="png")
    grey = examples([0], channels=1) + examples([1], channels=1, size=5)
    features = FEATURES | {"image": image}
    write_prepared(tmp_path, {"train": grey}, features=features)
    source = opened(tmp_path)
    assert (source.image_channels, source.image_size) == (1, None)
    images, _ = decoded(source.found["train"])
    assert [image.shape for image in images] == [(8, 8, 1), (5, 5, 1)]


def test_the_validation_split_stands_in_for_a_test_split_of_no_labels(tmp_path):
    splits = {
        "train": examples(range(4)),
        "validation": examples(range(4, 6)),
        "test": examples(range(6, 8), labels=-1),
    }
    write_prepared(tmp_path, splits, features=FEATURES)
    found = opened(tmp_path).found
    assert {split: list(found[split].names) for split in found} == {
        "train": ["train:0", "train:1", "train:2", "train:3"],
        "test": ["validation:0", "validation:1"],
    }


def test_three_splits_with_labels_stay_as_they_are(tmp_path):
    splits = {"train": examples([1]), "validation": examples([2])}
    splits["test"] = examples([3])
    write_prepared(tmp_path, splits, features=FEATURES)
    assert list(opened(tmp_path).found) == ["train", "validation", "test"]


def test_the_key_changes_with_what_lies_there(tmp_path):
    keys = set()
    for number in (1, 2):
        folder = tmp_path / str(number)
        splits = {"train": examples(range(number))}
        write_prepared(folder, splits, features=FEATURES)
        keys.add(opened(folder).key)
    assert len(keys) == 2
    assert all(len(key) == 16 for key in keys)


def test_cifar10_is_prepared_of_the_archive_in_manual_dir(
    tmp_path, monkeypatch
):
    archive = write_cifar10(tmp_path)
    # The archive's own checksum, in the place of the real archive's.
    infos = {
        url: tfds.download.checksums.compute_url_info(archive)
        for url in tfds.builder_cls("cifar10").url_infos
    }
    builder_class = tfds.builder_cls("cifar10")
    monkeypatch.setattr(builder_class, "url_infos", infos)
    source = opened(tmp_path / "data", "cifar10", manual_dir=str(tmp_path))
    assert source.class_names == tuple(f"class{n}" for n in range(10))
    assert (source.image_channels, source.image_size) == (3, (32, 32))
    assert [len(p.labels) for p in source.found.values()] == [20, 4]
    images, labels = decoded(source.found["train"])
    numbers = [int(image[0, 0, 0]) for image in images]
    assert sorted(numbers) == list(range(20))
    assert labels == [number % 10 for number in numbers]
    archive.unlink()
    assert opened(tmp_path / "data", "cifar10").key == source.key


def test_another_archive_than_the_servers_is_refused(tmp_path):
    write_cifar10(tmp_path)
    with pytest.raises(InvalidError, match="wrong checksum") as caught:
        opened(tmp_path / "data", "cifar10", manual_dir=str(tmp_path))
    assert "cifar-10-binary.tar.gz in --manual_dir" in str(caught.value)
    assert caught.value.__cause__ is not None


def test_imagenet_is_prepared_of_its_two_archives(tmp_path):
    write_imagenet(tmp_path)
    data_dir = tmp_path / "data"
    source = opened(data_dir, "imagenet2012", manual_dir=str(tmp_path))
    assert len(source.class_names) == 1000
    assert (source.image_channels, source.image_size) == (3, None)
    assert {s: len(p.labels) for s, p in source.found.items()} == {
        "train": 9,
        "test": 5,
    }
    assert sorted(source.found["train"].labels) == [
        *[0] * 3,
        *[1] * 3,
        *[999] * 3,
    ]
    assert source.found["test"].names[0] == "validation:0"
    images, _ = decoded(source.found["test"])
    assert sorted(i.shape[0] for i in images) == [17, 18, 19, 20, 21]


@pytest.mark.parametrize("there", ["train", "val"])
def test_imagenet_needs_both_of_its_archives(tmp_path, there):
    write_imagenet(tmp_path)
    other = {"train": "val", "val": "train"}[there]
    (tmp_path / f"ILSVRC2012_img_{other}.tar").unlink()
    with pytest.raises(InvalidError, match=f"no ILSVRC2012_img_{other}.tar"):
        opened(tmp_path / "data", "imagenet2012", manual_dir=str(tmp_path))
    assert not tf.io.gfile.exists(str(tmp_path / "data" / "imagenet2012"))


def test_a_damaged_archive_is_refused(tmp_path):
    write_imagenet(tmp_path)
    (tmp_path / "ILSVRC2012_img_val.tar").write_bytes(b"no archive")
    with pytest.raises(InvalidError, match="Received: "):
        opened(tmp_path / "data", "imagenet2012", manual_dir=str(tmp_path))


def test_a_dataset_without_a_train_split_is_refused(tmp_path):
    write_prepared(tmp_path, {"test": examples([1])}, features=FEATURES)
    with pytest.raises(InvalidError, match="train split in .*Received: test"):
        opened(tmp_path)


def test_to_evaluate_on_a_test_split_will_do(tmp_path):
    write_prepared(tmp_path, {"test": examples([1])}, features=FEATURES)
    config = DataConfig(dataset="tfds:toy", data_dir=str(tmp_path))
    source = open_source(config, needs_train=False)
    assert list(source.found) == ["test"]


def test_an_empty_folder_in_the_place_of_a_dataset_is_refused(tmp_path):
    (tmp_path / "cifar10" / "3.0.2").mkdir(parents=True)
    with pytest.raises(InvalidError, match="train split in .*: no split"):
        opened(tmp_path, "cifar10")


def test_a_dataset_without_labels_is_refused(tmp_path):
    features = {"image": FEATURES["image"], "text": tfds.features.Text()}
    written = [{"image": picture(1, size=8), "text": "one"}]
    write_prepared(tmp_path, {"train": written}, features=features)
    with pytest.raises(InvalidError, match=r": image \(Image\), text \(Text\)"):
        opened(tmp_path)


def test_a_picture_without_a_label_among_others_is_named(tmp_path):
    splits = {"train": examples([1, 2]) + examples([3], labels=-1)}
    write_prepared(tmp_path, splits, features=FEATURES)
    pictures = opened(tmp_path).found["train"]
    with pytest.raises(InvalidError, match="-1 of picture train:2"):
        len(pictures.labels)


def test_another_file_format_is_refused(tmp_path):
    data_dir = write_prepared(
        tmp_path, {"train": examples([1])}, features=FEATURES
    )
    path = data_dir / "dataset_info.json"
    text = path.read_text().replace('"tfrecord"', '"array_record"')
    path.write_text(text)
    with pytest.raises(InvalidError, match="--file_format=tfrecord"):
        opened(tmp_path)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("missing", "Expected toy whole in"),
        ("cut", "Expected the pictures of the train split whole"),
        ("empty", "Expected 3 pictures in .*Received: 0"),
    ],
)
def test_a_folder_that_is_not_whole_is_refused(tmp_path, damage, words):
    data_dir = write_prepared(
        tmp_path, {"train": examples(range(7))}, features=FEATURES
    )
    path = sorted(data_dir.glob("*train*"))[1]
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-5] if damage == "cut" else b"")
    with pytest.raises(InvalidError, match=words):
        len(opened(tmp_path).found["train"].labels)
