"""The same network in PyTorch; knows neither TensorFlow nor hnas_tf."""

from collections.abc import Iterator
from typing import Any, NamedTuple

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

_CPU = "cpu"


class Program:
    """The pictures as tensors; `build` makes a network of a plan."""

    def __init__(
        self,
        workload: Workload,
        *,
        device: str = _CPU,
        precision: str = "float32",
    ) -> None:
        """Brings the pictures to the device.

        Args:
            workload: What is to be done.
            device: `cpu` or `cuda`.
            precision: `float32`; or `bfloat16`, to which operations are cast
                that may be, as PyTorch's `autocast` decides.
        """
        torch.manual_seed(0)
        torch.set_flush_denormal(True)  # TensorFlow does.
        self._where = _Where(device, precision)
        if device != _CPU:
            _compute_as_xla_does()
        self._pictures = _Pictures(workload, device)

    def build(self, document: dict[str, Any]) -> "Candidate":
        model = self._network(document)
        return Candidate(model, model, model, self._pictures, self._where)

    def _network(self, document: dict[str, Any]) -> Network:
        model = Network(document["plan"]).to(self._where.device)
        return model.to(memory_format=torch.channels_last)


def _compute_as_xla_does() -> None:
    """Has convolutions tried out, and float32 multiplied in TF32."""
    torch.backends.cudnn.benchmark = True
    torch.backends.cudnn.allow_tf32 = True
    torch.set_float32_matmul_precision("high")


class CompiledProgram(Program):
    """The same, through `torch.compile`."""

    mode = "default"

    def build(self, document: dict[str, Any]) -> "Candidate":
        model = self._network(document)
        on_cpu = self._where.device == _CPU
        # Every size anew, which on a CPU takes minutes: else a graph for all
        # sizes would take the place of the one for crops.
        called = torch.compile(
            model, mode=self.mode, dynamic=None if on_cpu else False
        )
        evaluated = model if on_cpu else called
        return Candidate(model, called, evaluated, self._pictures, self._where)


class GraphsProgram(CompiledProgram):
    """The same, its kernels started as CUDA graphs."""

    mode = "reduce-overhead"


class _Where(NamedTuple):
    """Where it is computed, and how precisely."""

    device: str
    precision: str

    def autocast(self) -> torch.autocast:
        return torch.autocast(
            self.device,
            torch.bfloat16,
            enabled=self.precision == "bfloat16",
        )

    def wait(self) -> None:
        """Returns when all that was asked for is computed."""
        if self.device != _CPU:
            torch.cuda.synchronize()


class Candidate:
    """A network and its optimizer."""

    def __init__(
        self,
        model: Network,
        called: Any,
        evaluated: Any,
        pictures: "_Pictures",
        where: _Where,
    ) -> None:
        """Takes the network, and what is called instead of it.

        Args:
            model: The network.
            called: To train it.
            evaluated: To evaluate it.
            pictures: On the device.
            where: The device.
        """
        self._model = model
        self._called = called
        self._asked = evaluated
        self._pictures = pictures
        self._where = where
        self._loss = torch.zeros(())
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
            self._where.wait()

    def loss(self) -> float:
        """Returns that of the last step."""
        return float(self._loss)

    def _step(self) -> None:
        images, labels = self._pictures.batch()
        with self._where.autocast():
            logits = self._called(images)
            loss = functional.cross_entropy(logits, labels)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self._optimizer.step()
        self._loss = loss.detach()

    @torch.inference_mode()
    def evaluate(self) -> None:
        self._model.eval()
        correct = torch.zeros((), dtype=torch.long, device=self._where.device)
        for images, labels in self._pictures.evaluated():
            with self._where.autocast():
                predicted = self._asked(images).argmax(dim=1)
            correct += (predicted == labels).sum()
        correct.item()  # Waits for it.

    def load(self, weights: dict[str, NDArray[np.float32]]) -> None:
        self._model.load(weights)

    @torch.inference_mode()
    def logits(
        self, images: NDArray[np.float32], *, training: bool
    ) -> NDArray[np.float32]:
        self._model.train(training)
        given = torch.from_numpy(images).to(self._where.device)
        with self._where.autocast():
            logits = self._called(given.permute(0, 3, 1, 2))
        found: NDArray[np.float32] = logits.float().cpu().numpy()
        return found


class _Pictures:
    """Batches [pictures, channels, height, width], channels last in memory."""

    def __init__(self, workload: Workload, device: str) -> None:
        self._workload = workload
        self._device = torch.device(device)
        images, labels = map(self._tensor, training_pictures(workload))
        self._images, self._labels = images, labels.long()
        self._order = self._places()
        images, labels = map(self._tensor, evaluation_pictures(workload))
        self._evaluated = images, labels

    def batch(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Returns crops, half of them mirrored, and their labels."""
        places = next(self._order)
        size, number = self._workload.crop_size, len(places)
        room = self._workload.image_size - size + 1
        on_device = {"device": self._device}
        corners = torch.randint(0, room, (number, 2, 1), **on_device)
        lines = corners + torch.arange(size, **on_device)
        mirrored = torch.rand(number, 1, **on_device) < 0.5
        columns = torch.where(mirrored, lines[:, 1].flip(1), lines[:, 1])
        chosen = self._images[
            places[:, None, None], lines[:, 0, :, None], columns[:, None]
        ]
        return _normalized(chosen), self._labels[places]

    def evaluated(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Yields whole pictures, and their labels."""
        parts = (
            tensor.split(self._workload.batch_size)
            for tensor in self._evaluated
        )
        for images, labels in zip(*parts, strict=True):
            yield _normalized(images), labels

    def _places(self) -> Iterator[torch.Tensor]:
        while True:
            order = torch.randperm(len(self._labels), device=self._device)
            yield from order.split(self._workload.batch_size)

    def _tensor(self, array: NDArray[Any]) -> torch.Tensor:
        return torch.from_numpy(array).to(self._device)


def _normalized(images: torch.Tensor) -> torch.Tensor:
    return ((images.float() - MEAN) / STD).permute(0, 3, 1, 2)
