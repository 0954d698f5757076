"""The programs of a training, as the compiler of a TPU gets them.

They are the very functions that train and evaluate, traced as on a TPU, with
variables and pictures as arguments. Pictures and weights are all zero: only
shapes matter to who compiles.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from hnas_tf.data import Description
from hnas_tf.data.pictures import Examples
from hnas_tf.errors import HnasError
from hnas_tf.networks import network_of
from hnas_tf.networks.devices import StandIn
from hnas_tf.tpu.job import EVALUATION, Job
from hnas_tf.tpu.replicas import OneOf
from hnas_tf.training.data import Drawn, TrainingData
from hnas_tf.training.evaluation import evaluation_step
from hnas_tf.training.resident import ResidentData
from hnas_tf.training.strategy import resolve_precision
from hnas_tf.training.streamed import HandedOver
from hnas_tf.training.trainer import Trainer


class LoweringError(HnasError):
    """XLA lacks an operation; says which, and where it comes from."""


def lowered(job: Job) -> str:
    """Returns the program of a job as StableHLO, in MLIR's words.

    Raises:
        LoweringError: if an operation cannot be compiled.
    """
    function, arguments = step_of(job)
    return lower(function, *arguments)


def step_of(
    job: Job,
) -> tuple[Callable[..., tf.Tensor], tuple[Any, ...]]:
    """Returns what a device does in a step of a job, and arguments for it."""
    strategy = StandIn("tpu")
    data = _data_of(job, strategy)
    trainer = trainer_of(job, data, strategy)
    step, seed = tf.zeros([], tf.int64), tf.zeros([2], tf.int32)
    drawn = data.draw(None, step, seed)
    function, arguments = trainer.train_step, (step, seed, drawn)
    if job.step == EVALUATION:
        function = evaluation_step(trainer.network.infer, data)
        arguments = drawn
    return _on_one(function, strategy, job.num_devices), arguments


def lower(
    function: Callable[..., tf.Tensor],
    *arguments: Any,
    platform: str = "CPU",
) -> str:
    """Returns what a replica runs as StableHLO.

    Its arguments come first, then whatever it reads: variables and pictures.

    Args:
        function: Of tensors; runs in a replica.
        arguments: For it.
        platform: For which TensorFlow lowers it: one that it was built for.
            What is computed does not depend on it.

    Raises:
        LoweringError: if an operation cannot be compiled.
    """
    compiled = tf.function(function, jit_compile=True, autograph=False)
    made = compiled.experimental_get_compiler_ir(*arguments)
    try:
        return str(made(stage="stablehlo", platform_name=platform))
    except ValueError as error:  # As TensorFlow calls it.
        raise LoweringError(str(error)) from error


def _on_one(
    function: Callable[..., tf.Tensor],
    strategy: tf.distribute.Strategy,
    num_devices: int,
) -> Callable[..., tf.Tensor]:
    """Returns what each device does of a step that all take together."""
    if num_devices == 1:
        return function
    replica = OneOf(strategy, num_devices)

    @functools.wraps(function)
    def on_one(*arguments: tf.Tensor) -> tf.Tensor:
        with replica:
            return function(*arguments)

    return on_one


def trainer_of(
    job: Job, data: TrainingData, strategy: tf.distribute.Strategy
) -> Trainer:
    """Returns the trainer of a job's network."""
    precision = resolve_precision(job.training.precision, strategy)
    with strategy.scope():
        model = network_of(
            job.genotype,
            job.network,
            image_size=(None, None),
            precision=precision,
        )
    return Trainer(model, data, job.training, strategy)


class FedData(HandedOver):
    """Pictures that come to the device batch by batch.

    Attributes:
        description: Of the dataset.
    """

    def __init__(
        self, description: Description, batch_size: int, size: tuple[int, int]
    ) -> None:
        self.description = description
        self._shape = (batch_size, *size, description.image_channels)

    def start(self, seed: tuple[int, int], step: int) -> None:
        """Does nothing."""

    def draw(self, source: None, step: tf.Tensor, seed: tf.Tensor) -> Drawn:
        """Returns a batch: uint8 images and int32 labels, all zero."""
        del source, step, seed
        labels = tf.zeros(self._shape[:1], tf.int32)
        return tf.zeros(self._shape, tf.uint8), labels


def _data_of(
    job: Job, strategy: tf.distribute.Strategy
) -> "ResidentData | FedData":
    description = _description(job)
    if not job.pictures.num_resident:
        return FedData(description, job.batch_size, _seen_size(job))
    shape = (*job.pictures.image_size, job.network.image_channels)
    number = job.pictures.num_resident
    nothing = Examples(
        np.zeros((number, *shape), np.uint8), np.zeros(number, np.int32)
    )
    batch_size = job.training.batch_size
    return ResidentData(nothing, description, strategy, batch_size=batch_size)


def _seen_size(job: Job) -> tuple[int, int]:
    """Returns the size of a picture as a step gets it.

    Resized crops are made before it, and are evaluated on whole pictures.
    """
    size = job.training.crop_size
    is_cut_before = job.training.augmentation != "crop"
    if is_cut_before and job.step != EVALUATION:
        return (size, size)
    return job.pictures.image_size


def _description(job: Job) -> Description:
    channels = job.network.image_channels
    return Description(
        name="pictures that are not there",
        image_size=job.pictures.image_size,
        image_channels=channels,
        class_names=tuple(map(str, range(job.network.num_classes))),
        mean=(0.0,) * channels,
        std=(1.0,) * channels,
    )
