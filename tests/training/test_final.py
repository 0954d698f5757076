"""A network trained to the end, measured, and left in its workdir."""

import dataclasses
import json

import numpy as np
import pytest

from hnas_tf.config import FinalConfig
from hnas_tf.data.preprocessing import normalize
from hnas_tf.data.splits import TEST, TRAIN, VALIDATION
from hnas_tf.errors import ArchiveError, GenotypeError, HnasError
from hnas_tf.plan import network_cost
from hnas_tf.training import repeat
from hnas_tf.training.final import train_final
from hnas_tf.training.trainer import Trainer
from hnas_tf.training.weights import load_weights
from hnas_tf.training.workdir import FinalWorkdir
from tests.networks.samples import flat
from tests.training.samples import (
    GENOTYPE,
    NETWORK,
    SAVES,
    TRAINING,
    digits,
    digits_data,
    make_network,
    one_device,
)

pytestmark = SAVES

SMALL = dataclasses.replace(NETWORK, num_channels=3, num_groups=1)
CONFIG = FinalConfig(
    seed=2,
    network=SMALL,
    training=dataclasses.replace(TRAINING, num_steps=60, num_repeats=2),
    checkpoint_steps=20,
)


def with_training(config=CONFIG, **training):
    return dataclasses.replace(
        config, training=dataclasses.replace(config.training, **training)
    )


def weights_of(workdir, number=1):
    model = make_network(config=SMALL)
    load_weights(model, FinalWorkdir(str(workdir)).weights(number))
    return model


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished training of two repeats: its workdir, and its result."""
    workdir = tmp_path_factory.mktemp("final")
    return workdir, train_final(GENOTYPE, CONFIG, str(workdir))


def test_the_saved_weights_have_the_accuracy_that_is_told(finished):
    workdir, result = finished
    description = FinalWorkdir(str(workdir)).description()
    images, labels = digits(TEST)
    counted = []
    for number in (1, 2):
        model = weights_of(workdir, number)
        logits = model(normalize(images, description)).numpy()
        counted.append(np.mean(logits.argmax(axis=1) == labels))
    assert result["measured_on"] == TEST
    assert result["accuracy_of_repeats"] == pytest.approx(counted, abs=1e-9)
    assert result["accuracy"] == pytest.approx(np.mean(counted))
    assert result["accuracy_std"] == pytest.approx(np.std(counted, ddof=1))
    assert counted[0] != counted[1]


def test_the_result_says_what_was_trained_and_with_what(finished):
    workdir, result = finished
    cost = network_cost(GENOTYPE, image_size=8, **dataclasses.asdict(SMALL))
    assert result["parameters"] == cost.parameters
    assert result["multiply_adds"] == cost.multiply_adds
    assert result["num_pictures"] == 401
    assert result["device"] == "cpu" and result["precision"] == "float32"
    assert {"tensorflow", "keras", "numpy"} < result["versions"].keys()
    assert len(result["seconds"]) == 2 and min(result["seconds"]) > 0
    assert json.loads((workdir / "result.json").read_text()) == result
    data = json.loads((workdir / "data.json").read_text())
    assert data["fingerprint"] == result["fingerprint"]
    assert data["num_examples"] == {"train+validation": 995 + 401}


def test_the_configuration_says_what_the_pictures_decided(finished):
    folder = FinalWorkdir(str(finished[0]))
    config = folder.config()
    assert (config.network.num_classes, config.network.image_channels) == (
        10,
        1,
    )
    assert config.training.precision == "float32"
    assert folder.genotype() == GENOTYPE


def test_a_finished_training_is_not_done_again(finished, monkeypatch):
    workdir, result = finished
    monkeypatch.setattr(Trainer, "run", None)
    assert train_final(GENOTYPE, CONFIG, str(workdir)) == result


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (
            dataclasses.replace(CONFIG, seed=3),
            "train.seed: 2 there, 3 now",
        ),
        (
            with_training(num_steps=61),
            "train.training.num_steps: 60 there, 61 now",
        ),
    ],
)
def test_another_training_is_refused_and_what_differs_shown(
    finished, config, words
):
    with pytest.raises(ArchiveError) as raised:
        train_final(GENOTYPE, config, str(finished[0]))
    assert words in str(raised.value)


def test_train_and_validation_are_trained_on(tmp_path):
    config = with_training(num_steps=3, num_repeats=1)
    train_final(GENOTYPE, config, str(tmp_path))
    found, expected = weights_of(tmp_path), make_network(config=SMALL)
    data = digits_data(TRAIN, VALIDATION)
    data.description = FinalWorkdir(str(tmp_path)).description()
    trainer = Trainer(expected, data, config.training, one_device())
    trainer.reset((config.seed, 1))
    trainer.run(3)
    trainer.network.to_model()
    for ours, theirs in zip(
        found.get_weights(), expected.get_weights(), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_held_out_the_validation_split_is_shown_and_not_trained_on(tmp_path):
    config = dataclasses.replace(
        with_training(num_steps=3, num_repeats=1), train_on_validation=False
    )
    result = train_final(GENOTYPE, config, str(tmp_path))
    assert result["measured_on"] == TEST
    folder = FinalWorkdir(str(tmp_path))
    assert folder.description().num_examples == {"train": 995}


class KilledError(Exception):
    """In the place of a `kill -9` between two steps."""


@pytest.mark.parametrize("killed_at", [10, 20, 45, 60, 85])
def test_after_an_interruption_it_ends_with_the_same_weights(
    finished, tmp_path, monkeypatch, killed_at
):
    taken = []
    run = Trainer.run

    def run_until_killed(trainer, num_steps):
        taken.append(num_steps)
        if sum(taken) > killed_at:
            raise KilledError
        return run(trainer, num_steps)

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "run", run_until_killed)
        with pytest.raises(KilledError):
            train_final(GENOTYPE, CONFIG, str(tmp_path))
    result = train_final(GENOTYPE, CONFIG, str(tmp_path))
    workdir, whole = finished
    assert result["accuracy_of_repeats"] == whole["accuracy_of_repeats"]
    for number in (1, 2):
        ours, theirs = (weights_of(w, number) for w in (tmp_path, workdir))
        assert all(
            map(np.array_equal, ours.get_weights(), theirs.get_weights())
        )


def test_the_last_few_checkpoints_are_kept(tmp_path):
    config = with_training(num_steps=50, num_repeats=1)
    config = dataclasses.replace(config, checkpoint_steps=10, max_checkpoints=2)
    train_final(GENOTYPE, config, str(tmp_path))
    names = sorted(p.name for p in (tmp_path / "repeat_1").glob("*.index"))
    assert names == ["step-40.index", "step-50.index"]


def test_a_bucket_will_do_for_a_workdir(finished):
    # TensorFlow's file system in memory, reached as a bucket is.
    workdir = "ram://bucket/final"
    result = train_final(GENOTYPE, CONFIG, workdir)
    assert result["accuracy"] == finished[1]["accuracy"]
    assert train_final(GENOTYPE, CONFIG, workdir) == result
    with pytest.raises(ArchiveError, match="train.seed: 2 there, 4 now"):
        train_final(GENOTYPE, dataclasses.replace(CONFIG, seed=4), workdir)


def test_a_loss_that_is_not_finite_names_the_last_good_checkpoint(tmp_path):
    config = with_training(learning_rate=1e30)
    with pytest.raises(HnasError, match="stays finite. Received: loss nan"):
        train_final(GENOTYPE, config, str(tmp_path / "at_once"))
    words = words_after_breaking(tmp_path)
    assert "last good checkpoint: " in words
    assert "step-20" in words


def words_after_breaking(tmp_path):
    """Returns what is said when the variables turn bad after 20 steps."""
    run = Trainer.run

    def run_and_break(trainer, num_steps):
        if trainer.step >= 20:
            return float("nan"), 0.0
        return run(trainer, num_steps)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeat.Trainer, "run", run_and_break)
        with pytest.raises(HnasError) as raised:
            train_final(GENOTYPE, CONFIG, str(tmp_path / "later"))
    return str(raised.value)


def test_a_cell_that_carries_nothing_is_refused(tmp_path):
    dead = flat(("conv_1x1",), (None, None))
    with pytest.raises(GenotypeError, match="a cell that carries nothing"):
        train_final(dead, CONFIG, str(tmp_path))
    assert list(tmp_path.iterdir()) == []
