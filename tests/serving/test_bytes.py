"""Encoded pictures as clients send them, good ones and others."""

import dataclasses
import struct

import numpy as np
import pytest

from hnas_tf.config import DataConfig, ExportConfig
from hnas_tf.serving.exporter import export_trained
from hnas_tf.training.final import train_final
from tests.data.image_files import encoded, noise, smooth
from tests.serving.exports import (
    ask,
    assert_close,
    example,
    in_evaluation,
    keras_may_warn,
    of_bytes,
    of_examples,
    of_images,
    probabilities_of,
)
from tests.training.samples import GENOTYPE
from tests.training.streams import write_splits
from tests.training.trained_samples import CONFIG, load

pytestmark = keras_may_warn

JPEG, PNG = encoded(noise(), "JPEG"), encoded(noise())
BMP, GIF = encoded(smooth(), "BMP"), encoded(smooth(), "GIF")
LOSSY, LOSSLESS = (
    encoded(noise(), "WEBP"),
    encoded(noise(), "WEBP", lossless=True),
)
EXTENDED = encoded(np.full((40, 60, 4), 100, np.uint8), "WEBP")
CMYK = encoded(noise(), "JPEG", mode="CMYK")
PICTURES = {
    "JPEG": JPEG,
    "PNG": PNG,
    "a grey JPEG": encoded(noise(), "JPEG", mode="L"),
    "a grey PNG": encoded(noise(), mode="L"),
    "a progressive JPEG": encoded(noise(), "JPEG", progressive=True),
    "a PNG of a palette": encoded(smooth(), mode="P"),
    "a PNG with transparency": encoded(noise(), mode="RGBA"),
    "one pixel": encoded(noise(1, 1)),
    "a long JPEG": encoded(smooth(700, 30), "JPEG"),
}
# TensorFlow makes no grey of these.
COLORED = {"a CMYK JPEG": CMYK, "BMP": BMP, "WebP": LOSSY}
BAD = {
    "nothing": (b"", "Input is empty"),
    "no picture": (b"no picture", "Unknown image file format"),
    "a JPEG's beginning": (JPEG[:4], "Invalid JPEG data, size 4"),
    "a JPEG's header": (JPEG[:100], "Invalid JPEG data, size 100"),
    "most of a JPEG": (JPEG[:-500], "Invalid JPEG data"),
    "half a PNG": (PNG[: len(PNG) // 2], "Invalid PNG data"),
    "a PNG's beginning": (PNG[:12], "Invalid PNG"),
    "a PNG with another byte": (PNG[:300] + b"?" + PNG[301:], "Invalid PNG"),
}


def claiming(content, place, form, *numbers):
    """Returns a picture whose header says something else."""
    claim = struct.pack(form, *numbers)
    return content[:place] + claim + content[place + len(claim) :]


HEIGHT, WIDTH = 10_000, 10_001
_FRAME = JPEG.index(b"\xff\xc0")
# Of WebP, width and height are 14 bits each; of lossless WebP less one.
_WEBP_SIZE = (WIDTH - 1) | (HEIGHT - 1) << 14
_CANVAS = (WIDTH - 1).to_bytes(3, "little") + (HEIGHT - 1).to_bytes(3, "little")
HUGE = {
    "PNG": claiming(PNG, 16, ">II", WIDTH, HEIGHT),
    "JPEG": claiming(JPEG, _FRAME + 5, ">HH", HEIGHT, WIDTH),
    "WebP": claiming(LOSSLESS, 21, "<I", _WEBP_SIZE),
    "lossy WebP": claiming(LOSSY, 26, "<HH", WIDTH, HEIGHT),
    "extended WebP": claiming(EXTENDED, 24, "6s", _CANVAS),
    # Whatever they say.
    "GIF": GIF,
    "JPEG XL": bytes.fromhex("ff0a7e38010030c4090030"),
    "JPEG XL in a container": b"\0\0\0\x0cJXL \r\n\x87\n",
}
UNKNOWN = ("GIF", "JPEG XL")
WRONG_SHAPES = [(8, 8, 1), (1, 8, 8, 2), (1, 4, 4, 1), (2, 1, 8, 8, 1)]


@pytest.fixture(scope="module")
def of_folder(tmp_path_factory):
    """A network of coloured JPEGs, trained, and its only version."""
    root = tmp_path_factory.mktemp("colored")
    write_splits(root / "pictures")
    config = dataclasses.replace(
        CONFIG,
        data=DataConfig(dataset=f"folder:{root / 'pictures'}", image_size=8),
        training=dataclasses.replace(
            CONFIG.training, num_steps=4, num_repeats=1, batch_size=16
        ),
    )
    train_final(GENOTYPE, config, str(root / "final"))
    trained = load(root / "final")
    export = ExportConfig(model_name="colored", warmup_batch_sizes=())
    export_trained(trained, config.data, root / "export", export)
    return trained, root / "export" / "1"


@pytest.fixture(scope="module")
def said(version, tmp_path_factory):
    """What the network of the digits says of every picture, in one process.

    Each in a request of its own; after a bad one PNG is sent again.
    """
    requests = {name: of_bytes(record) for name, record in PICTURES.items()}
    bad = {name: record for name, (record, _) in BAD.items()}
    for name, record in (bad | HUGE).items():
        requests[f"of {name}"] = of_bytes(record)
        requests[f"after {name}"] = of_bytes(PNG)
    for shape in WRONG_SHAPES:
        requests[f"of {shape}"] = of_images(np.zeros(shape, np.uint8))
    requests |= {
        "of a batch": of_bytes(PNG, b"no picture", JPEG),
        "a batch": of_bytes(PNG, JPEG),
        "of no feature": of_examples(example(PNG, feature="image")),
        "of no example": of_examples(b"no example"),
        "of a bad example": of_examples(example(PNG), example(b"no picture")),
        "an example": of_examples(example(PNG)),
    }
    path = tmp_path_factory.mktemp("said") / "requests"
    asked = ask(version, path, *requests.values())
    return dict(zip(requests, asked.answers, strict=True))


def expected_of(trained, *records):
    return probabilities_of(trained, in_evaluation(trained, records))


def test_a_picture_of_any_kind_is_what_it_is_in_an_evaluation(trained, said):
    expected = expected_of(trained, *PICTURES.values())
    for name, row in zip(PICTURES, expected, strict=True):
        assert_close(said[name]["probabilities"][0], row)
        assert said[name]["classes"] == [str(row.argmax()).encode()]


def test_colored_pictures_of_several_sizes_are_too(of_folder, tmp_path):
    trained, version = of_folder
    records = [*PICTURES.values(), *COLORED.values()]
    requests = of_bytes(*records), of_examples(*map(example, records))
    answers = ask(version, tmp_path / "requests", *requests).answers
    expected = expected_of(trained, *records)
    assert_close(answers[0]["probabilities"], expected)
    assert_close(answers[1]["scores"], expected)
    names = [(b"dark", b"light")[label] for label in expected.argmax(axis=1)]
    assert answers[0]["classes"].tolist() == names


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_is_an_error_and_the_next_is_answered(name, said):
    _, words = BAD[name]
    assert words in said[f"of {name}"]
    assert said[f"after {name}"]["classes"] == said["PNG"]["classes"]


def test_a_bad_picture_spoils_its_own_batch_alone(trained, said):
    assert "Unknown image file format" in said["of a batch"]
    expected = expected_of(trained, PNG, JPEG)
    assert_close(said["a batch"]["probabilities"], expected)


@pytest.mark.parametrize("name", HUGE)
def test_a_picture_that_says_it_is_huge_is_not_decoded(name, said):
    words = "picture of at most 100000000 pixels. Received: one of"
    number = 2**63 - 1 if name.startswith(UNKNOWN) else HEIGHT * WIDTH
    assert f"{words}] [{number}]" in said[f"of {name}"]
    assert said[f"after {name}"]["classes"] == said["PNG"]["classes"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no feature", "Feature: image/encoded (data type: string) is requir"),
        ("no example", "Could not parse example input, value: 'no example'"),
        ("a bad example", "Unknown image file format"),
    ],
)
def test_an_example_without_a_picture_is_an_error(name, words, said, trained):
    assert words in said[f"of {name}"]
    expected = expected_of(trained, PNG)
    assert_close(said["an example"]["scores"], expected)


@pytest.mark.parametrize("shape", WRONG_SHAPES)
def test_an_image_of_another_shape_is_an_error(shape, said):
    assert "shape" in said[f"of {shape}"]
    assert said["an example"]["scores"].shape == (1, 10)
