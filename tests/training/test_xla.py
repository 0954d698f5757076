"""XLA compiles a whole step and an evaluation, as a TPU must."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.data.splits import TRAIN, VALIDATION
from hnas_tf.training.evaluation import make_logits
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
        trainer._train_step, jit_compile=jit_compile, autograph=False
    )
    figures = compiled(number, seed, drawn)
    variables = [variable.value for variable in model.variables]
    found = [figures, *variables, *trainer.checkpoint.velocities]
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
    plain = make_logits(model, data, one_device())()
    compiled = make_logits(model, data, Compiling("/cpu:0"))()
    assert len(plain) == 401
    assert_alike([compiled], [plain])


class Compiling(tf.distribute.OneDeviceStrategy):
    """Compiles what a replica runs, as a TPU's strategy does."""

    def run(self, fn, args=(), kwargs=None, options=None):
        compiled = tf.function(fn, jit_compile=True, autograph=False)
        return super().run(compiled, args, kwargs, options)
