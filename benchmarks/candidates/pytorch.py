"""The same network in PyTorch; knows neither TensorFlow nor hnas_tf."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from benchmarks.candidates.pictures import (
    MEAN,
    STD,
    evaluation_pictures,
    training_pictures,
)
from benchmarks.candidates.pytorch_network import Network
from benchmarks.candidates.workload import (
    LEARNING_RATE,
    MOMENTUM,
    WEIGHT_DECAY,
    Workload,
)


class Program:
    """The pictures as tensors; `build` makes a network of a plan."""

    def __init__(self, workload: Workload) -> None:
        torch.manual_seed(0)
        torch.set_flush_denormal(True)  # TensorFlow does.
        self._pictures = _Pictures(workload)

    def build(self, document: dict[str, Any]) -> "Candidate":
        model = Network(document["plan"])
        model = model.to(memory_format=torch.channels_last)
        return Candidate(model, model, self._pictures)


class CompiledProgram(Program):
    """The same, through `torch.compile`."""

    def build(self, document: dict[str, Any]) -> "Candidate":
        model = Network(document["plan"])
        model = model.to(memory_format=torch.channels_last)
        return Candidate(model, torch.compile(model), self._pictures)


class Candidate:
    """A network and its optimizer."""

    def __init__(
        self, model: Network, called: Any, pictures: "_Pictures"
    ) -> None:
        self._model = model
        self._called = called
        self._pictures = pictures
        self._optimizer = torch.optim.SGD(
            model.parameters(),
            lr=LEARNING_RATE,
            momentum=MOMENTUM,
            weight_decay=WEIGHT_DECAY,
            fused=True,
        )

    def num_parameters(self) -> int:
        return sum(one.numel() for one in self._model.parameters())

    def train(self, chunks: Iterator[int]) -> None:
        self._model.train()
        for number in chunks:
            for _ in range(number):
                self._step()

    def _step(self) -> None:
        images, labels = self._pictures.batch()
        loss = functional.cross_entropy(self._called(images), labels)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self._optimizer.step()

    @torch.inference_mode()
    def evaluate(self) -> None:
        """Asks the network that is not compiled: all sizes would be anew."""
        self._model.eval()
        correct = 0
        for images, labels in self._pictures.evaluated():
            predicted = self._model(images).argmax(dim=1)
            correct += int((predicted == labels).sum())

    def load(self, weights: dict[str, NDArray[np.float32]]) -> None:
        self._model.load(weights)

    @torch.inference_mode()
    def logits(
        self, images: NDArray[np.float32], *, training: bool
    ) -> NDArray[np.float32]:
        self._model.train(training)
        channels_first = torch.from_numpy(images).permute(0, 3, 1, 2)
        found: NDArray[np.float32] = self._called(channels_first).numpy()
        return found


class _Pictures:
    """Batches [pictures, channels, height, width], channels last in memory."""

    def __init__(self, workload: Workload) -> None:
        self._workload = workload
        images, labels = map(torch.from_numpy, training_pictures(workload))
        self._images, self._labels = images, labels.long()
        self._order = self._places()
        self._evaluated = evaluation_pictures(workload)

    def batch(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Returns crops, half of them mirrored, and their labels."""
        places = next(self._order)
        size, number = self._workload.crop_size, len(places)
        room = self._workload.image_size - size + 1
        corners = torch.randint(0, room, (number, 2, 1))
        lines = corners + torch.arange(size)
        mirrored = torch.rand(number, 1) < 0.5
        columns = torch.where(mirrored, lines[:, 1].flip(1), lines[:, 1])
        chosen = self._images[
            places[:, None, None], lines[:, 0, :, None], columns[:, None]
        ]
        return _normalized(chosen), self._labels[places]

    def evaluated(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Yields whole pictures, and their labels."""
        parts = (
            torch.from_numpy(array).split(self._workload.batch_size)
            for array in self._evaluated
        )
        for images, labels in zip(*parts, strict=True):
            yield _normalized(images), labels

    def _places(self) -> Iterator[torch.Tensor]:
        while True:
            order = torch.randperm(len(self._labels))
            yield from order.split(self._workload.batch_size)


def _normalized(images: torch.Tensor) -> torch.Tensor:
    return ((images.float() - MEAN) / STD).permute(0, 3, 1, 2)
