"""Small jobs for a TPU that is not there, and what children do with them."""

import dataclasses
import importlib.util
import os
import signal
import time

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.config import NetworkConfig, TrainingConfig
from hnas_tf.genotype import PRIMITIVES, Genotype, Motif
from hnas_tf.tpu import compiler, programs
from hnas_tf.tpu.generations import GENERATIONS
from hnas_tf.tpu.job import Job, PictureShape, job_from_document
from hnas_tf.training.evaluation import evaluation_step
from tests.training.samples import DIGITS, digits

# Children import them: one process can load one libtpu.
requires_compiler = pytest.mark.skipif(
    importlib.util.find_spec("jax") is None,
    reason="The extra `preflight` is not installed",
)

_FIRST = tuple(PRIMITIVES)

# Every primitive once.
MOTIF = Motif((_FIRST[:1], _FIRST[1:3], _FIRST[3:6]))
JOB = Job(
    Genotype(((MOTIF,),)),
    NetworkConfig(num_channels=8, num_groups=1, image_channels=1),
    TrainingConfig(batch_size=32, crop_size=8, padding=1, flip=False),
    PictureShape((8, 8), 100),
)
FED = dataclasses.replace(JOB, pictures=PictureShape((8, 8), 0))
PHOTOS = Job(
    JOB.genotype,
    NetworkConfig(kind="imagenet", num_channels=8, num_groups=1),
    TrainingConfig(
        batch_size=32, augmentation="resized_crop", crop_size=16, color=True
    ),
    PictureShape((24, 24), 0),
)


def crash(document):
    """Is a compiler that dies."""
    raise SystemError("so it goes")


def wait(document):
    """Is a compiler that never ends."""
    time.sleep(600)


def kill(document):
    """Is a compiler that the system ends."""
    os.kill(os.getpid(), signal.SIGKILL)


def cores(document):
    """Returns the devices of a chip, and the cores of a device, by type."""
    compiler.require_compiler()
    found = {}
    for name, generation in GENERATIONS.items():
        devices = compiler.tpu_devices(generation)
        places = [tuple(device.coords) for device in devices]
        found[name] = [places.count(places[0]), devices[0].num_cores]
    return found


def compare(document):
    """Returns how far JAX, on what a TPU's compiler gets, is from TensorFlow.

    Both take one step on real digits; by the name of what they update.
    """
    compiler.require_compiler()
    job = job_from_document(document)
    trainer, data = trainer_on_digits(job)
    network = trainer.network
    variables = [
        network.kernels,
        network.others,
        network.averages,
        *trainer.checkpoint.velocities,
    ]
    network.initialize([7])
    step, seed = tf.constant(3, tf.int64), tf.constant([5, 6], tf.int32)
    drawn = data.draw(None, step, seed)
    arguments = (step, seed, drawn)
    found = run_by_jax(trainer.train_step, arguments, variables)
    figures = tf.function(trainer.train_step, autograph=False)(*arguments)
    expected = [figures, *variables]
    names = ("figures", "kernels", "others", "averages", "velocities", "more")
    return {
        name: float(np.abs(ours - theirs.numpy()).max())
        for name, ours, theirs in zip(names, found, expected, strict=True)
    }


def compare_evaluation(document):
    """Returns how far JAX's logits are from TensorFlow's, on real digits."""
    compiler.require_compiler()
    trainer, data = trainer_on_digits(job_from_document(document))
    network = trainer.network
    network.initialize([7])
    step = evaluation_step(network.infer, data)
    (drawn, *_) = data.batches()
    variables = [network.kernels, network.others, network.averages]
    (found,) = run_by_jax(step, drawn, variables)
    expected = tf.function(step, autograph=False)(*drawn).numpy()
    return {
        "difference": float(np.abs(found - expected).max()),
        "spread": float(expected.std()),
    }


def trainer_on_digits(job):
    """Returns a trainer as for a TPU, on real digits."""
    strategy = programs.StandIn("tpu")
    examples = digits("train")
    data = programs.ResidentData(
        examples, DIGITS, strategy, batch_size=job.training.batch_size
    )
    return programs.trainer_of(job, data, strategy), data


def run_by_jax(function, arguments, variables):
    """Returns what the lowered program gives: outputs, then all variables."""
    import jax

    jax.config.update("jax_enable_x64", True)  # Steps are counted so.
    compiled = tf.function(function, jit_compile=True, autograph=False)
    captured = compiled.get_concrete_function(*arguments).captured_inputs
    values = [
        next(v for v in variables if v.handle is one)
        if one.dtype == tf.resource
        else one
        for one in captured
    ]
    device = compiler.cpu_device()
    program = programs.lower(function, *arguments)
    loaded = compiler.executable(program, device, loads=True)
    inputs = [
        jax.device_put(np.asarray(value), device)
        for value in (*tf.nest.flatten(arguments), *values)
    ]
    outputs = loaded.execute_sharded(inputs)
    arrays = outputs.disassemble_into_single_device_arrays()
    return [np.asarray(parts[0]) for parts in arrays]
