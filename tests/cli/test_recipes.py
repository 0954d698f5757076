"""What a person is told to type next."""

from pathlib import Path

import pytest

from hnas_tf.cli import recipes
from hnas_tf.config import DataConfig

WORKDIR = Path("runs/mine")


def test_a_recipe_is_found_by_the_name_of_a_dataset():
    command = recipes.train_command(DataConfig(), WORKDIR)
    assert "digits_train.flags" in command
    assert "--genotype=runs/mine --workdir=runs/mine/final" in command
    assert "split" not in command and "bad_images" not in command


@pytest.mark.parametrize(
    "name", ["x" * 300, "/etc/passwd", "../flags/digits", ".."]
)
def test_a_dataset_leads_to_no_other_file(tmp_path, name):
    (tmp_path / "evil_train.flags").write_text("--tpu=local")
    for dataset in (f"tfds:{name}", f"tfds:{tmp_path}/evil"):
        data = DataConfig(dataset=dataset)
        assert "--flagfile" not in recipes.train_command(data, WORKDIR)


def test_pictures_are_split_as_the_search_split_them():
    data = DataConfig(
        dataset="folder:photos",
        split_seed=3,
        validation_fraction=0.1,
        bad_images="refuse",
    )
    words = recipes.train_command(data, WORKDIR).split()
    assert {
        *("--split_seed=3", "--validation_fraction=0.1"),
        *("--bad_images=refuse", "--dataset=folder:photos"),
    } <= set(words)
    assert any(word.endswith("folder_train.flags") for word in words)
