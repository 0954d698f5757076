"""Every recipe parses, and its network and its input pipeline are built."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.data.image_files import write_classes
from tests.data.tfds_samples import write_cifar10, write_imagenet

ROOT = Path(__file__).parents[2]
ALL_RECIPES = sorted((ROOT / "flags").glob("*.flags"))
# What is exported is trained already.
RECIPES = [path for path in ALL_RECIPES if not path.match("*_export.flags")]
# Height and width of what is read, its channels, and the classes.
SHAPES = {
    "digits": (8, 1, 10),
    "cifar10": (32, 3, 10),
    "imagenet": (299, 3, 1000),
    "folder_search": (32, 3, 2),
    "folder_train": (160, 3, 2),
}
PARAMETERS = {
    "cifar10_search": 542_138,
    "cifar10_random_search": 542_138,
    "cifar10_train": 15_727_306,
    "cifar10_train_wide": 61_896_074,
    "imagenet_train": 62_832_520,
}


def ids(paths):
    return [path.stem for path in paths]


def program_of(path):
    """Returns the program that a recipe's comment says to start with it."""
    (program,) = re.findall(
        rf"#   python -m hnas_tf\.(\w+) --flagfile=flags/{path.name}\n",
        path.read_text(encoding="utf-8"),
    )
    return program


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    """CIFAR-10 and ImageNet in miniature, as the real builders prepare them."""
    folder = tmp_path_factory.mktemp("data")
    write_cifar10(folder, per_file=10)
    write_imagenet(folder)
    subprocess.run(
        [sys.executable, "-m", "tests.flags.prepare", str(folder)],
        check=True,
        cwd=ROOT,
    )
    return folder


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Photographs of two classes, as somebody has them."""
    folder = tmp_path_factory.mktemp("photos")
    return write_classes(folder, each=20, splits=("train", "test"))


@pytest.mark.parametrize("path", RECIPES, ids=ids(RECIPES))
def test_a_recipe_builds_its_network_and_its_input(path, data_dir, photos):
    # A small batch: ImageNet's is a gigabyte of pixels.
    command = [
        *(sys.executable, "-m", "tests.flags.build", program_of(path)),
        *(f"--flagfile=flags/{path.name}", f"--data_dir={data_dir}"),
        "--batch_size=8",
    ]
    if path.match("folder_*"):
        command.append(f"--dataset=folder:{photos}")
    found = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=ROOT
    )
    assert found.returncode == 0, found.stderr
    built = json.loads(found.stdout)
    ((size, channels, num_classes),) = [
        shape for name, shape in SHAPES.items() if path.stem.startswith(name)
    ]
    assert built["images"] == [8, size, size, channels]
    assert built["labels"] == [8]
    assert built["logits"] == [None, num_classes]
    # The paper's own searches train everyone, whole, and as often.
    if path.match("cifar10_*search*"):
        savings = ("reuse_fitness", "early_stop", "adaptive_repeats")
        assert not any(built["savings"][name] for name in savings)
    if path.stem in PARAMETERS:
        assert built["parameters"] == PARAMETERS[path.stem]
    assert built["training"]["crop_size"] <= size


def test_the_digits_export_is_of_what_their_training_makes():
    command = [
        *(sys.executable, "-m", "hnas_tf.export"),
        "--flagfile=flags/digits_export.flags",
        "--repeat=99",
    ]
    found = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=ROOT
    )
    trained = (ROOT / "flags" / "digits_train.flags").read_text("utf-8")
    (workdir,) = re.findall(r"^--workdir=(.*)$", trained, re.M)
    assert found.returncode == 1
    assert workdir in found.stderr


@pytest.mark.parametrize("path", ALL_RECIPES, ids=ids(ALL_RECIPES))
def test_a_recipe_says_what_it_does_before_its_first_flag(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    assert lines[: len(comments)] == comments
    assert len(comments) >= 3
    # After a value, a comment would become part of the value.
    assert all("#" not in line for line in lines[len(comments) :])
    assert len(set(lines)) == len(lines)


def test_the_recipes_of_a_dataset_lie_in_folders_of_their_own():
    workdirs = [
        re.findall(r"^--workdir=(.*)$", path.read_text("utf-8"), re.M)
        for path in RECIPES
    ]
    assert all(len(found) == 1 for found in workdirs)
    assert len({found[0] for found in workdirs}) == len(RECIPES)
    assert os.path.commonprefix([found[0] for found in workdirs]) == "runs/"
