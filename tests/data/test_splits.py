"""Who is trained on, who decides, and who only measures."""

import numpy as np
import pytest

from hnas_tf.config import DataConfig
from hnas_tf.data.sources import open_source
from hnas_tf.data.splits import TEST, TRAIN, VALIDATION, pictures_of, stratified
from hnas_tf.errors import InvalidError
from tests.data.image_files import write_classes

LABELS = np.random.default_rng(0).permutation(
    np.repeat(np.arange(4), (100, 53, 7, 2))
)
NAMES = ("a", "b", "c", "d")


def split_off(*, labels=LABELS, fraction=0.2, seed=0, class_names=NAMES):
    return stratified(
        labels, fraction=fraction, seed=seed, class_names=class_names
    )


def names_in(source, *splits, **options):
    config = DataConfig(dataset="folder:toy", **options)
    return list(pictures_of(source, config, *splits).names)


@pytest.fixture
def source(tmp_path):
    write_classes(tmp_path, each=10)
    return open_source(DataConfig(dataset=f"folder:{tmp_path}"))


@pytest.mark.parametrize(
    ("fraction", "sizes"),
    [
        (0.2, [20, 11, 1, 1]),
        (0.5, [50, 26, 4, 1]),
        (0.01, [1, 1, 1, 1]),
        (0.99, [99, 52, 6, 1]),
    ],
)
def test_every_class_is_in_both_parts_in_its_share(fraction, sizes):
    chosen = split_off(fraction=fraction)
    assert np.bincount(LABELS[chosen]).tolist() == sizes
    rest = np.bincount(LABELS) - sizes
    assert np.bincount(LABELS[~chosen]).tolist() == rest.tolist()


def test_the_seed_decides_and_nothing_else():
    np.random.seed(1)
    first = split_off()
    np.random.seed(2)
    assert np.array_equal(first, split_off())
    others = [split_off(seed=seed) for seed in range(1, 6)]
    assert len({chosen.tobytes() for chosen in [first, *others]}) == 6


def test_other_classes_do_not_change_who_is_chosen():
    alone = split_off(labels=LABELS[LABELS == 0], class_names=("a",))
    assert np.array_equal(alone, split_off()[LABELS == 0])


def test_a_class_too_small_to_be_split_is_named():
    labels = np.array([0, 0, 1, 2, 2])
    with pytest.raises(InvalidError, match="Received: 1 of class cat"):
        split_off(labels=labels, class_names=("ant", "cat", "dog"))


def test_a_class_of_no_pictures_needs_none_split_off():
    labels = np.array([0, 0, 2, 2])
    split = split_off(labels=labels, class_names=("ant", "cat", "dog"))
    assert sorted(labels[split]) == [0, 2]


def test_no_picture_is_in_two_splits_and_each_is_in_one(source):
    train, validation = (names_in(source, s) for s in (TRAIN, VALIDATION))
    assert (len(train), len(validation)) == (16, 4)
    assert sorted(train + validation) == source.found[TRAIN].names
    assert train == sorted(train) and validation == sorted(validation)


def test_labels_stay_with_their_pictures(source):
    for split in (TRAIN, VALIDATION):
        pictures = pictures_of(source, DataConfig(), split)
        of_names = [int("/dog/" in name) for name in pictures.names]
        assert pictures.labels.tolist() == of_names


def test_fraction_and_seed_are_those_of_the_flags(source):
    assert len(names_in(source, VALIDATION, validation_fraction=0.5)) == 10
    seeds = [names_in(source, VALIDATION, split_seed=n) for n in range(4)]
    assert len(set(map(tuple, seeds))) > 1


def test_train_and_validation_together_are_the_training_split(source):
    both = pictures_of(source, DataConfig(), TRAIN, VALIDATION)
    assert both is source.found[TRAIN]


def test_a_class_with_one_picture_can_be_trained_on_whole(tmp_path):
    write_classes(tmp_path, each=1)
    source = open_source(DataConfig(dataset=f"folder:{tmp_path}"))
    assert len(names_in(source, TRAIN, VALIDATION)) == 2
    with pytest.raises(InvalidError, match="Received: 1 of class cat"):
        names_in(source, TRAIN)


def test_a_validation_folder_is_the_validation_split(tmp_path):
    write_classes(tmp_path, each=3, splits=(TRAIN, VALIDATION, TEST))
    source = open_source(DataConfig(dataset=f"folder:{tmp_path}"))
    parts = {s: names_in(source, s) for s in (TRAIN, VALIDATION, TEST)}
    for split, names in parts.items():
        assert names == source.found[split].names
    assert names_in(source, TRAIN, VALIDATION) == (
        parts[TRAIN] + parts[VALIDATION]
    )
    assert names_in(source, TEST, TRAIN) == parts[TEST] + parts[TRAIN]


def test_a_split_that_is_not_there_is_named(source):
    with pytest.raises(InvalidError, match="test split in folder:toy. .*train"):
        names_in(source, TEST)
