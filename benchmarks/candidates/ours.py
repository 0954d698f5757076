"""hnas_tf, as the evaluator of a search uses it."""

import gc
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from benchmarks.candidates.genotypes import network_config
from benchmarks.candidates.keras_candidate import KerasCandidate
from benchmarks.candidates.pictures import (
    MEAN,
    STD,
    evaluation_pictures,
    training_pictures,
)
from benchmarks.candidates.workload import (
    IMAGE_CHANNELS,
    LEARNING_RATE,
    MOMENTUM,
    NUM_CLASSES,
    WEIGHT_DECAY,
    Workload,
)
from hnas_tf.config import DevicesConfig, TrainingConfig
from hnas_tf.data import Description
from hnas_tf.data.pictures import Examples
from hnas_tf.genotype import genotype_from_json
from hnas_tf.networks import network_of
from hnas_tf.training import metrics
from hnas_tf.training.evaluation import make_logits
from hnas_tf.training.resident import ResidentData
from hnas_tf.training.strategy import (
    leave_graphs_as_they_are,
    make_strategy,
)
from hnas_tf.training.trainer import Trainer


class Program:
    """The pictures on the device; `build` makes a candidate."""

    def __init__(self, workload: Workload) -> None:
        self._network = network_config(workload)
        self._training = training_config(workload, "float32")
        self._strategy = make_strategy(DevicesConfig())
        leave_graphs_as_they_are(self._strategy)
        self._train, self._evaluated = (
            on_device(pictures(workload), workload, self._strategy)
            for pictures in (training_pictures, evaluation_pictures)
        )
        # As the child of a search does.
        gc.freeze()
        gc.disable()

    def build(self, document: dict[str, Any]) -> "Candidate":
        with self._strategy.scope():
            model = network_of(
                genotype_from_json(document["genotype"]),
                self._network,
                image_size=(None, None),
            )
        trainer = Trainer(model, self._train, self._training, self._strategy)
        logits = make_logits(
            trainer.network.infer, self._evaluated, self._strategy
        )
        labels = self._evaluated.labels
        return Candidate(
            model, trainer, lambda: metrics.accuracy(logits(), labels)
        )


class Candidate(KerasCandidate):
    """A network and its trainer."""

    def __init__(
        self,
        model: keras.Model,
        trainer: Trainer,
        accuracy: Callable[[], float],
    ) -> None:
        super().__init__(model)
        self._trainer = trainer
        self._accuracy = accuracy
        self._traced = False

    def train(self, chunks: Iterator[int]) -> None:
        if not self._traced:
            self._trainer.trace()
            self._trainer.reset((0, 1, 1))
            self._traced = True
        for number in chunks:
            self._trainer.run(number)

    def evaluate(self) -> None:
        self._accuracy()

    def reset(self) -> None:
        self._trainer.reset((0, 1, 2))


def training_config(workload: Workload, precision: str) -> TrainingConfig:
    """Returns the training of a workload."""
    return TrainingConfig(
        batch_size=workload.batch_size,
        learning_rate=LEARNING_RATE,
        momentum=MOMENTUM,
        weight_decay=WEIGHT_DECAY,
        crop_size=workload.crop_size,
        precision=precision,
    )


def on_device(
    arrays: tuple[NDArray[np.uint8], NDArray[np.int32]],
    workload: Workload,
    strategy: tf.distribute.Strategy,
) -> ResidentData:
    """Returns pictures and labels where a strategy computes."""
    description = Description(
        name="made up",
        image_size=(workload.image_size, workload.image_size),
        image_channels=IMAGE_CHANNELS,
        class_names=tuple(map(str, range(NUM_CLASSES))),
        mean=(MEAN,) * IMAGE_CHANNELS,
        std=(STD,) * IMAGE_CHANNELS,
    )
    return ResidentData(
        Examples(*arrays),
        description,
        strategy,
        batch_size=workload.batch_size,
    )
