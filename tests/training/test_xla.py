"""XLA compiles a whole step and an evaluation, as a TPU must."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.data.splits import TRAIN, VALIDATION
from hnas_tf.training import strategy as strategies
from hnas_tf.training.evaluation import inference_of, make_logits
from hnas_tf.training.strategy import compiles
from hnas_tf.training.trainer import Trainer
from tests.networks.samples import everything, randomize
from tests.training.samples import (
    TRAINING,
    digits_data,
    make_network,
    one_device,
    seed_of,
)
from tests.xla import requires_xla

pytestmark = requires_xla

CONFIG = dataclasses.replace(
    TRAINING, batch_size=16, padding=2, flip=True, color=True
)


def step(*, jit_compile, **config):
    """Takes a step as on a TPU; returns its figures, and all variables."""
    config = dataclasses.replace(CONFIG, **config)
    model = make_network(genotype=everything())
    data = digits_data(TRAIN, batch_size=config.batch_size)
    trainer = Trainer(model, data, config, one_device())
    trainer._on_tpu = True
    trainer.reset((1, 2))
    number, seed = tf.constant(7, tf.int64), seed_of(3, 4)
    drawn = data.draw(None, number, seed)
    compiled = tf.function(
        trainer.train_step, jit_compile=jit_compile, autograph=False
    )
    figures = compiled(number, seed, drawn)
    network = trainer.network
    vectors = [network.kernels, network.others, network.averages]
    found = [figures, *vectors, *trainer.checkpoint.velocities]
    return [value.numpy() for value in found]


def assert_alike(compiled, plain):
    for found, expected in zip(compiled, plain, strict=True):
        assert np.isfinite(found).all()
        error = np.linalg.norm(found - expected)
        assert error <= 1e-3 * np.linalg.norm(expected) + 1e-5


@pytest.mark.parametrize("augmentation", ["crop", "resized_crop"])
def test_a_compiled_step_is_the_uncompiled_one(augmentation):
    plain = step(jit_compile=False, augmentation=augmentation)
    assert plain[0][0] > 1
    compiled = step(jit_compile=True, augmentation=augmentation)
    assert_alike(compiled, plain)


def test_a_compiled_evaluation_is_the_uncompiled_one():
    model = make_network(genotype=everything())
    randomize(model, np.random.default_rng(0))
    data = digits_data(VALIDATION, batch_size=50)
    plain = make_logits(inference_of(model), data, one_device())()
    compiled = make_logits(inference_of(model), data, Compiling("/cpu:0"))()
    assert len(plain) == 401
    assert_alike([compiled], [plain])


@pytest.mark.parametrize(
    ("kind", "num_replicas", "expected"),
    [("GPU", 1, True), ("GPU", 2, False), ("CPU", 1, False), ("TPU", 1, False)],
)
def test_a_lone_gpu_alone_is_compiled_for(kind, num_replicas, expected):
    extended = SimpleNamespace(worker_devices=(f"/device:{kind}:0",))
    strategy = SimpleNamespace(
        extended=extended, num_replicas_in_sync=num_replicas
    )
    assert compiles(strategy) is expected


def test_a_training_and_its_evaluation_are_compiled_once(monkeypatch):
    """As on a lone GPU: a repeat and another number of steps trace nothing."""
    monkeypatch.setattr(strategies, "compiles", lambda strategy: True)
    model = make_network(genotype=everything())
    data = digits_data(TRAIN, batch_size=CONFIG.batch_size)
    trainer = Trainer(model, data, CONFIG, one_device())
    held_out = digits_data(VALIDATION, batch_size=50)
    logits = make_logits(trainer.network.infer, held_out, one_device())
    found = []
    for seed, num_steps in (((1, 2), 2), ((3,), 1), ((1, 2), 2)):
        trainer.reset(seed)
        found.append((trainer.run(num_steps), logits()))
    assert trainer._step.experimental_get_tracing_count() == 1
    (first, of_first), (other, _), (again, of_again) = found
    assert first == again != other
    assert np.array_equal(of_first, of_again)


class Compiling(tf.distribute.OneDeviceStrategy):
    """Compiles what a replica runs, as a TPU's strategy does."""

    def run(self, fn, args=(), kwargs=None, options=None):
        compiled = tf.function(fn, jit_compile=True, autograph=False)
        return super().run(compiled, args, kwargs, options)
