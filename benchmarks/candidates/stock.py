"""The same network of Keras' own layers, trained by `fit`."""

from collections.abc import Iterator
from typing import Any

import keras
import tensorflow as tf

from benchmarks.candidates.keras_candidate import KerasCandidate
from benchmarks.candidates.stock_network import network
from benchmarks.candidates.stock_pipelines import (
    evaluation_pipeline,
    training_pipeline,
)
from benchmarks.candidates.workload import LEARNING_RATE, MOMENTUM, Workload

# `fit` wants a number for pictures without an end; a callback stops it.
_WITHOUT_END = 1_000_000


class Program:
    """The pipelines; `build` makes a network of a plan."""

    def __init__(self, workload: Workload) -> None:
        self._training = training_pipeline(workload)
        self._evaluation = evaluation_pipeline(workload)

    def build(self, document: dict[str, Any]) -> "Candidate":
        model = network(document["plan"])
        # Without the paper's weight decay, which would cost `fit` operations.
        model.compile(
            optimizer=keras.optimizers.SGD(LEARNING_RATE, MOMENTUM),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
            jit_compile=False,
        )
        return Candidate(model, self._training, self._evaluation)


class Candidate(KerasCandidate):
    """A compiled model."""

    def __init__(
        self,
        model: keras.Model,
        training: tf.data.Dataset,
        evaluation: tf.data.Dataset,
    ) -> None:
        super().__init__(model)
        self._training = training
        self._evaluation = evaluation

    def train(self, chunks: Iterator[int]) -> None:
        self._model.fit(
            self._training,
            steps_per_epoch=_WITHOUT_END,
            callbacks=[_Chunks(chunks)],
            shuffle=False,  # The pipeline does.
            verbose=0,
        )

    def evaluate(self) -> None:
        self._model.evaluate(self._evaluation, verbose=0)


class _Chunks(keras.callbacks.Callback):
    """Stops `fit` where there are no more steps to take."""

    def __init__(self, chunks: Iterator[int]) -> None:
        super().__init__()
        self._chunks = chunks
        self._left = next(chunks)

    def on_train_batch_end(
        self, batch: int, logs: dict[str, Any] | None = None
    ) -> None:
        del batch, logs
        self._left -= 1
        if not self._left:
            self._left = next(self._chunks, 0)
            self.model.stop_training = not self._left
