"""Configurations: the paper's defaults, and ranges."""

import contextlib
import dataclasses

import pytest

from hnas_tf.config import (
    ClusterConfig,
    DataConfig,
    EvolutionConfig,
    FinalConfig,
    NetworkConfig,
    SearchConfig,
    TrainingConfig,
    WorkersConfig,
)
from hnas_tf.errors import InvalidError
from hnas_tf.genotype import HIERARCHICAL

NAN = float("nan")
INF = float("inf")

AT_LEAST_1 = [
    (NetworkConfig, "num_channels"),
    (NetworkConfig, "cells_per_group"),
    (NetworkConfig, "num_groups"),
    (NetworkConfig, "num_classes"),
    (NetworkConfig, "image_channels"),
    (TrainingConfig, "batch_size"),
    (TrainingConfig, "num_steps"),
    (TrainingConfig, "num_repeats"),
    (DataConfig, "image_size"),
    (FinalConfig, "threads"),
    (FinalConfig, "checkpoint_steps"),
    (FinalConfig, "max_checkpoints"),
    (EvolutionConfig, "num_evaluations"),
    (EvolutionConfig, "initial_population"),
    (EvolutionConfig, "max_parameters"),
    (EvolutionConfig, "max_multiply_adds"),
    (EvolutionConfig, "max_activation_bytes"),
    (WorkersConfig, "num_workers"),
    (WorkersConfig, "threads_per_worker"),
    (WorkersConfig, "devices_per_candidate"),
    (WorkersConfig, "workers_per_device"),
    (WorkersConfig, "recycle_worker_after"),
    (WorkersConfig, "max_attempts"),
    (WorkersConfig, "max_failures_in_a_row"),
]
AT_LEAST_0 = [
    (ClusterConfig, "cpus_per_worker"),
    (ClusterConfig, "gpus_per_worker"),
    (DataConfig, "split_seed"),
    (FinalConfig, "seed"),
    (TrainingConfig, "crop_size"),
    (TrainingConfig, "padding"),
    (TrainingConfig, "weight_decay"),
    (EvolutionConfig, "num_initial_mutations"),
    (SearchConfig, "seed"),
]
OPTIONAL = [
    (DataConfig, "image_size"),
    (FinalConfig, "threads"),
    (EvolutionConfig, "max_parameters"),
    (EvolutionConfig, "max_multiply_adds"),
    (EvolutionConfig, "max_activation_bytes"),
    (WorkersConfig, "num_workers"),
]
SHARES = [(TrainingConfig, "decay_fractions"), (TrainingConfig, "rungs")]


def check_refused(cls, name, value):
    with pytest.raises(InvalidError) as caught:
        cls(**{name: value})
    message = str(caught.value)
    assert message.startswith(f"`{name}` must ")
    assert message.endswith(f"Received: {name}={value}")


def test_the_default_is_the_papers_search():
    config = SearchConfig()
    assert config.space == HIERARCHICAL
    network, training = config.network, config.training
    assert (network.num_channels, network.cells_per_group) == (16, 1)
    assert (training.batch_size, training.num_steps) == (256, 5000)
    assert training.learning_rate == 0.1
    steps = [s * training.num_steps for s in training.decay_fractions]
    assert steps == [4000, 4500]
    assert (training.momentum, training.weight_decay) == (0.9, 3e-4)
    assert (training.num_repeats, training.crop_size) == (4, 24)
    evolution = config.evolution
    assert (evolution.algorithm, evolution.num_evaluations) == (
        "evolution",
        7000,
    )
    assert evolution.initial_population == 200
    assert evolution.num_initial_mutations == 1000
    assert evolution.tournament_fraction == 0.05


@pytest.mark.parametrize("value", [0, -1, NAN, -INF])
@pytest.mark.parametrize(("cls", "name"), AT_LEAST_1)
def test_counts_are_at_least_1(cls, name, value):
    check_refused(cls, name, value)
    assert getattr(cls(**{name: 1}), name) == 1


@pytest.mark.parametrize("value", [-1, -1e-9, NAN])
@pytest.mark.parametrize(("cls", "name"), AT_LEAST_0)
def test_these_are_at_least_0(cls, name, value):
    check_refused(cls, name, value)
    assert getattr(cls(**{name: 0}), name) == 0


@pytest.mark.parametrize(("cls", "name"), OPTIONAL)
def test_a_bound_may_be_left_out(cls, name):
    assert getattr(cls(**{name: None}), name) is None


def test_nothing_but_those_bounds_may_be_left_out():
    left_out = []
    for cls, name in AT_LEAST_1 + AT_LEAST_0:
        if (cls, name) not in OPTIONAL:
            with contextlib.suppress(InvalidError):
                left_out.append(cls(**{name: None}))
    assert left_out == []


@pytest.mark.parametrize(
    ("cls", "name", "value"),
    [
        (ClusterConfig, "engine", "slurm"),
        (ClusterConfig, "tpu_chips_per_worker", 3),
        (WorkersConfig, "deadline_seconds", 0.0),
        (DataConfig, "dataset", "cifar10"),
        (DataConfig, "dataset", ""),
        (DataConfig, "dataset", "folder:"),
        (DataConfig, "dataset", "zip:pictures"),
        (DataConfig, "validation_fraction", 0.0),
        (DataConfig, "validation_fraction", 1.0),
        (DataConfig, "validation_fraction", NAN),
        (DataConfig, "bad_images", "mend"),
        (NetworkConfig, "kind", "resnet"),
        (NetworkConfig, "batch_norm_statistics", "none"),
        (TrainingConfig, "augmentation", "mixup"),
        (TrainingConfig, "precision", "float16"),
        (TrainingConfig, "min_area_fraction", 0.0),
        (TrainingConfig, "min_area_fraction", 1.1),
        (SearchConfig, "fitness_metric", "loss"),
        (NetworkConfig, "motif_width", "output"),
        (NetworkConfig, "batch_norm_momentum", 1.0),
        (NetworkConfig, "batch_norm_momentum", -0.1),
        (TrainingConfig, "momentum", 1.0),
        (TrainingConfig, "momentum", NAN),
        (TrainingConfig, "learning_rate", 0.0),
        (TrainingConfig, "learning_rate", NAN),
        (EvolutionConfig, "tournament_fraction", 0.0),
        (EvolutionConfig, "tournament_fraction", 1.5),
        (EvolutionConfig, "tournament_fraction", NAN),
        (WorkersConfig, "candidate_timeout_seconds", 0),
        (SearchConfig, "evaluator", "module.without.a.factory"),
        (SearchConfig, "evaluator", "a:b:c"),
    ],
)
def test_what_is_out_of_range_is_refused_with_what_came(cls, name, value):
    check_refused(cls, name, value)


def test_the_stem_of_imagenet_needs_two_channels():
    assert NetworkConfig(kind="imagenet", num_channels=2)
    words = "`num_channels` must be at least 2 .* Received: num_channels=1"
    with pytest.raises(InvalidError, match=words):
        NetworkConfig(kind="imagenet", num_channels=1)


@pytest.mark.parametrize(("cls", "name"), SHARES)
@pytest.mark.parametrize(
    "value", [(0.0,), (1.0,), (0.5, 0.5), (0.9, 0.8), (NAN,), (-0.5, 0.5)]
)
def test_shares_rise_strictly_within_0_and_1(cls, name, value):
    check_refused(cls, name, value)


@pytest.mark.parametrize(("cls", "name"), SHARES)
@pytest.mark.parametrize("value", [(), (0.5,), (0.001, 0.5, 0.999)])
def test_any_number_of_shares_is_allowed(cls, name, value):
    assert getattr(cls(**{name: value}), name) == value


def test_a_configuration_cannot_be_altered():
    config = SearchConfig()
    for part in (config, config.network, config.training, config.evolution):
        name = dataclasses.fields(part)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(part, name, 1)
    assert hash(config) == hash(SearchConfig())


def test_several_devices_a_candidate_exclude_several_workers_a_device():
    with pytest.raises(InvalidError, match="`workers_per_device` must be 1"):
        WorkersConfig(devices_per_candidate=2, workers_per_device=2)


@pytest.mark.parametrize(
    ("prepare_ahead", "device", "expected"),
    [
        (None, "cpu", False),
        (None, "gpu", True),
        (None, "tpu", True),
        (True, "cpu", True),
        (True, "gpu", True),
        (False, "cpu", False),
        (False, "tpu", False),
    ],
)
def test_left_open_candidates_are_prepared_ahead_but_on_a_cpu(
    prepare_ahead, device, expected
):
    workers = WorkersConfig(prepare_ahead=prepare_ahead)
    assert workers.prepares_ahead(device) is expected
