"""Pictures that cannot be read, and pictures that are odd."""

import numpy as np
import pytest

from hnas_tf.config import DataConfig
from hnas_tf.data.dataset import decode, load
from hnas_tf.data.reading import Report
from hnas_tf.data.sources import open_source
from hnas_tf.data.splits import TRAIN, VALIDATION, pictures_of
from hnas_tf.errors import InvalidError
from tests.data.image_files import (
    encoded,
    jpeg,
    noise,
    png,
    write,
    write_classes,
)

SIZE = 16
BAD = {
    "empty.jpg": (b"", "Input is empty."),
    "empty.png": (b"", "Input is empty."),
    "short.jpg": (jpeg(0)[:2], "Unknown image file format."),
    "cut.jpg": (jpeg(0)[:-100], "Invalid JPEG data"),
    "cut.png": (png(0)[:-100], "Invalid PNG data"),
    "head.png": (png(0)[:20], "Invalid PNG"),
    "text.jpg": (b"no picture, but a text of some length", "Unknown image"),
    "tiff.jpg": (encoded(noise(), "TIFF"), "Unknown image file format."),
}
ODD = {
    "grey.jpg": (encoded(noise(), "JPEG", mode="L"), ["grey"]),
    "cmyk.jpg": (encoded(noise(), "JPEG", mode="CMYK"), ["CMYK"]),
    "grey.png": (encoded(noise(), mode="L"), ["grey"]),
    "two colours.png": (encoded(noise(), mode="1"), ["grey"]),
    "transparent.png": (encoded(noise(), mode="RGBA"), ["transparent"]),
    "transparent grey.png": (encoded(noise(), mode="LA"), ["grey"]),
    "png.JPG": (png(0), ["of another format than its suffix says"]),
    "jpeg.png": (jpeg(0), ["of another format than its suffix says"]),
    "gif.jpg": (
        encoded(noise(), "GIF", mode="P"),
        ["of another format than its suffix says"],
    ),
    "grey png.jpg": (
        encoded(noise(), mode="L"),
        ["of another format than its suffix says", "grey"],
    ),
    "palette.png": (encoded(noise(), mode="P"), []),
    "colour.jpeg": (jpeg(0), []),
}


def config_of(folder, **options):
    options = {"image_size": SIZE} | options
    return DataConfig(dataset=f"folder:{folder}", **options)


def all_of(folder, **options):
    """Loads the training split as a whole."""
    return load(config_of(folder, **options), TRAIN, VALIDATION)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_is_named_with_a_reason_and_left_out(tmp_path, name):
    content, reason = BAD[name]
    write_classes(tmp_path, each=2)
    write(tmp_path, {f"train/cat/{name}": content})
    split, description = all_of(tmp_path)
    (bad,) = description.skipped.items()
    assert bad[0] == f"train/cat/{name}"
    assert reason in bad[1] and not set(bad[1]) & set("\n{}[]")
    assert len(split.examples.images) == 4
    with pytest.raises(InvalidError) as raised:
        all_of(tmp_path, bad_images="refuse")
    assert f"1 that cannot: train/cat/{name} ({bad[1]})" in str(raised.value)


@pytest.mark.parametrize("name", ODD)
def test_an_odd_picture_is_counted_and_read(tmp_path, name):
    content, oddities = ODD[name]
    write_classes(tmp_path, each=2)
    write(tmp_path, {f"train/cat/{name}": content})
    split, description = all_of(tmp_path, bad_images="refuse")
    assert description.odd == dict.fromkeys(oddities, 1)
    assert not description.skipped
    assert len(split.names) == 5


def test_the_rest_keeps_its_order_and_its_labels(tmp_path):
    kept = []
    for number in range(30):
        label = ("cat", "dog")[number // 15]
        path = f"train/{label}/{number:03}.png"
        is_bad = number in (0, 7, 8, 14, 15, 29)
        content = b"" if is_bad else png(number, size=(SIZE, SIZE))
        write(tmp_path, {path: content})
        kept += [] if is_bad else [(path, number)]
    split, description = all_of(tmp_path)
    assert split.names == [path for path, _ in kept]
    assert split.examples.labels.tolist() == [n // 15 for _, n in kept]
    for image, (_, number) in zip(split.examples.images, kept, strict=True):
        assert np.array_equal(image, noise(SIZE, SIZE, seed=number))
    assert len(description.skipped) == 6
    assert description.num_examples == {"train+validation": 24}


# 256 pictures are read at a time.
@pytest.mark.parametrize(
    "bad", [range(256), range(0, 600, 7), range(512, 600), [0, 255, 256, 599]]
)
def test_any_number_may_be_bad_anywhere_among_many(tmp_path, bad):
    for number in range(600):
        content = b"" if number in bad else png(number, size=(3, 3))
        write(tmp_path, {f"train/{'ab'[number % 2]}/{number}.png": content})
    split, description = all_of(tmp_path, image_size=3)
    numbers = [int(name.split("/")[2][:-4]) for name in split.names]
    assert sorted(numbers) == sorted(set(range(600)) - set(bad))
    assert len(description.skipped) == len(bad)
    assert split.examples.labels.tolist() == [n % 2 for n in numbers]
    for image, number in zip(split.examples.images, numbers, strict=True):
        assert np.array_equal(image, noise(3, 3, seed=number))


@pytest.mark.parametrize("bad_images", ["skip", "refuse"])
def test_that_all_are_bad_is_an_error(tmp_path, bad_images):
    contents = {f"train/{c}/{n}.jpg": b"" for c in "ab" for n in range(9)}
    write(tmp_path, contents)
    with pytest.raises(InvalidError, match="18 that cannot: .*and 13 more"):
        all_of(tmp_path, bad_images=bad_images)


def test_a_file_that_vanished_meanwhile_is_named(tmp_path):
    write_classes(tmp_path)
    config, report = config_of(tmp_path), Report()
    source = open_source(config)
    (tmp_path / "train/cat/003.png").unlink()
    split = decode(source.found[TRAIN], source, config, report)
    assert len(split.names) == 9
    (bad,) = report.bad.items()
    assert bad[0] == "train/cat/003.png" and "No such file" in bad[1]


def test_a_folder_named_like_a_picture_is_a_bad_one(tmp_path):
    write_classes(tmp_path)
    write(tmp_path, {"train/cat/folder.jpg/notes.txt": b""})
    assert list(all_of(tmp_path)[1].skipped) == ["train/cat/folder.jpg"]


def test_bad_pictures_of_another_split_do_not_count(tmp_path):
    write_classes(tmp_path, each=3, splits=(TRAIN, VALIDATION))
    for number in range(3):
        write(tmp_path, {f"train/cat/{number:03}.png": b""})
        write(tmp_path, {f"train/cat/x{number}.png": png(number)})
    write(tmp_path, {f"train/dog/{n:03}.png": b"" for n in (0, 1)})
    write(tmp_path, {"validation/dog/bad.png": b""})
    config, report = config_of(tmp_path), Report()
    source = open_source(config)
    train, validation = (
        decode(pictures_of(source, config, s), source, config, report)
        for s in (TRAIN, VALIDATION)
    )
    # As many are bad as the validation split has good ones.
    assert (len(train.names), len(validation.names)) == (4, 6)
    assert len(report.bad) == 6
    for path in (tmp_path / VALIDATION).rglob("*.png"):
        path.write_bytes(b"")
    with pytest.raises(InvalidError, match="12 that cannot"):
        decode(pictures_of(source, config, VALIDATION), source, config, report)


def test_several_splits_are_read_as_one(tmp_path):
    write_classes(tmp_path, each=2, splits=(TRAIN, VALIDATION))
    write(tmp_path, {f"{s}/cat/bad.png": b"" for s in (TRAIN, VALIDATION)})
    split, description = all_of(tmp_path)
    assert [name.split("/")[0] for name in split.names] == (
        [TRAIN] * 4 + [VALIDATION] * 4
    )
    assert list(description.skipped) == [
        "train/cat/bad.png",
        "validation/cat/bad.png",
    ]
    assert description.num_examples == {"train+validation": 8}
