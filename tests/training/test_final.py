"""A network trained to the end, tested, and left in its workdir."""

import dataclasses

import numpy as np
import pytest

from hnas_tf.config import FinalConfig
from hnas_tf.data.preprocessing import normalize
from hnas_tf.data.splits import TEST, TRAIN, VALIDATION, load_split
from hnas_tf.errors import GenotypeError, HnasError
from hnas_tf.plan import network_cost
from hnas_tf.training.final import FinalResult, result_to_document, train_final
from hnas_tf.training.strategy import make_strategy
from hnas_tf.training.trainer import Trainer
from tests.networks.samples import flat
from tests.training.samples import (
    DIGITS,
    GENOTYPE,
    NETWORK,
    TRAINING,
    digits_data,
    make_network,
)

# Of Keras 3.15 under NumPy 2.4, where it reads a variable to save it.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword"
    ":DeprecationWarning"
)

SMALL = dataclasses.replace(NETWORK, num_channels=3, num_groups=1)
CONFIG = FinalConfig(
    seed=2,
    network=SMALL,
    training=dataclasses.replace(TRAINING, num_steps=60, num_repeats=2),
)


def with_training(**training):
    return dataclasses.replace(
        CONFIG, training=dataclasses.replace(CONFIG.training, **training)
    )


def test_the_saved_weights_have_the_accuracy_that_is_told(tmp_path):
    result = train_final(GENOTYPE, CONFIG, tmp_path)
    images, labels = load_split("digits", TEST)
    counted = []
    for repeat in (1, 2):
        folder = tmp_path / f"repeat_{repeat}"
        assert [p.name for p in folder.iterdir()] == ["model.weights.h5"]
        model = make_network(config=SMALL)
        model.load_weights(folder / "model.weights.h5")
        logits = model(normalize(images, DIGITS)).numpy()
        counted.append(np.mean(logits.argmax(axis=1) == labels))
    assert result.test_accuracies == pytest.approx(counted, abs=1e-9)
    assert counted[0] != counted[1]
    assert result.parameters == (
        network_cost(GENOTYPE, **dataclasses.asdict(SMALL)).parameters
    )


def test_train_and_validation_are_trained_on(tmp_path):
    config = with_training(num_steps=3, num_repeats=1)
    train_final(GENOTYPE, config, tmp_path)
    found, expected = make_network(config=SMALL), make_network(config=SMALL)
    found.load_weights(tmp_path / "repeat_1" / "model.weights.h5")
    trainer = Trainer(
        expected,
        digits_data(TRAIN, VALIDATION),
        config.training,
        make_strategy(),
    )
    trainer.reset((config.seed, 1))
    trainer.run(3)
    for ours, theirs in zip(
        found.get_weights(), expected.get_weights(), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_a_loss_that_is_not_finite_is_told(tmp_path):
    with pytest.raises(HnasError, match="stays finite. Received: loss nan"):
        train_final(GENOTYPE, with_training(learning_rate=1e30), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_cell_that_carries_nothing_is_refused(tmp_path):
    dead = flat(("conv_1x1",), (None, None))
    with pytest.raises(GenotypeError, match="a cell that carries nothing"):
        train_final(dead, CONFIG, tmp_path)


def test_the_document_names_mean_and_deviation():
    document = result_to_document(FinalResult((0.5, 0.75), 12))
    assert document == {
        "test_accuracies": (0.5, 0.75),
        "parameters": 12,
        "test_accuracy": 0.625,
        "test_accuracy_std": pytest.approx(0.125 * 2**0.5),
    }


def test_a_single_repeat_has_no_deviation():
    assert (
        result_to_document(FinalResult((0.5,), 12))["test_accuracy_std"] is None
    )
