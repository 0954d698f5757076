"""hnas_tf on a GPU without TensorFlow: its steps, compiled and run by JAX."""

import os
import time
from collections.abc import Iterator, Mapping
from typing import Any

import jax
import numpy as np
from jax._src import lib
from numpy.typing import NDArray

from benchmarks.candidates import weights
from benchmarks.candidates.pictures import (
    evaluation_pictures,
    training_pictures,
)
from benchmarks.gpu.exported import Exported, Step
from hnas_tf.tpu import compiler

Values = Mapping[str, Any]
_FLAGS = "XLA_FLAGS"


def device() -> Any:
    """Returns the device that JAX prefers: to be called first."""
    jax.config.update("jax_enable_x64", True)  # Steps are counted so.
    if lib.cuda_path and _FLAGS not in os.environ:
        os.environ[_FLAGS] = f"--xla_gpu_cuda_data_dir={lib.cuda_path}"
    return jax.devices()[0]


class Compiled:
    """A step that can be run.

    Attributes:
        seconds: That compiling took.
        loaded: JAX's executable.
    """

    def __init__(self, step: Step, device: Any) -> None:
        start = time.perf_counter()
        self.loaded = compiler.executable(step.program, device, loads=True)
        self.seconds = time.perf_counter() - start
        self._step = step

    def __call__(self, values: Values) -> tuple[Any, dict[str, Any]]:
        """Returns the first output, and what takes the place of arguments."""
        inputs = [values[name] for name in self._step.arguments]
        outputs = self.loaded.execute_sharded(inputs)
        first, *others = (
            parts[0]
            for parts in outputs.disassemble_into_single_device_arrays()
        )
        return first, dict(zip(self._step.updated, others, strict=True))


class Candidate:
    """A network with the weights that `weights.draw` gives it.

    Attributes:
        training: Its step.
        evaluation: Of a batch.
    """

    def __init__(self, exported: Exported, device: Any) -> None:
        self._device = device
        self._workload = exported.workload
        self.training = Compiled(exported.training, device)
        self.evaluation = Compiled(exported.evaluation, device)
        values = initial_values(exported)
        self._values = {name: self._put(one) for name, one in values.items()}
        self._parameters = values["kernels"].size + values["others"].size
        images, _ = evaluation_pictures(self._workload)
        self._evaluated = self._put(_in_rows(images))
        self._rng = np.random.default_rng(0)
        self._number = 0
        self._figures: Any = None

    def num_parameters(self) -> int:
        return self._parameters

    def train(self, chunks: Iterator[int]) -> None:
        for number in chunks:
            for _ in range(number):
                self._step()
            self._figures.block_until_ready()

    def loss(self) -> float:
        return float(self._figures[0])

    def facts(self) -> dict[str, float]:
        memory = compiler.memory_of(self.training.loaded)
        return {
            "training_compile_seconds": self.training.seconds,
            "evaluation_compile_seconds": self.evaluation.seconds,
            "training_bytes": memory.total,
        }

    def say(self) -> NDArray[np.float32]:
        return np.asarray(self._logits(0))

    def evaluate(self) -> None:
        batches = range(self._workload.num_evaluation_batches)
        # All are started before the first is fetched.
        found = [self._logits(batch) for batch in batches]
        np.concatenate([np.asarray(one) for one in found])

    def _logits(self, batch: int) -> Any:
        size = self._workload.batch_size
        places = np.arange(batch * size, (batch + 1) * size)
        fed = {"images": self._evaluated, "places": self._put(places)}
        logits, _ = self.evaluation({**self._values, **fed})
        return logits

    def _step(self) -> None:
        """Takes one; its number and places come from the host, as in ours."""
        number = self._workload.num_training_batches * self._workload.batch_size
        places = self._rng.integers(number, size=self._workload.batch_size)
        fed = {
            "step": self._put(np.int64(self._number)),
            "places": self._put(places),
        }
        self._figures, updated = self.training({**self._values, **fed})
        self._values |= updated
        self._number += 1

    def _put(self, value: Any) -> Any:
        return jax.device_put(np.asarray(value), self._device)


def _in_rows(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Returns pictures as `ResidentData` keeps them."""
    return images.reshape(len(images), -1)


def initial_values(exported: Exported) -> dict[str, NDArray[Any]]:
    """Returns all arguments but those that every step gets anew."""
    drawn = weights.draw(exported.plan)
    vectors = {
        vector: np.concatenate([drawn[name].ravel() for name in names])
        for vector, names in exported.vectors.items()
    }
    images, labels = training_pictures(exported.workload)
    return {
        **vectors,
        "velocity of kernels": np.zeros_like(vectors["kernels"]),
        "velocity of others": np.zeros_like(vectors["others"]),
        "images": _in_rows(images),
        "labels": labels,
        "seed": np.array([5, 6], np.int32),
    }
