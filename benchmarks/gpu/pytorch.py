"""PyTorch on a GPU: the candidates of `benchmarks.candidates.pytorch`."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.candidates import pytorch, weights
from benchmarks.candidates.pictures import MEAN, STD, evaluation_pictures
from benchmarks.gpu.exported import Exported
from benchmarks.gpu.setting import COMPILED, GRAPHS, PYTORCH

_PROGRAMS = {
    PYTORCH: pytorch.Program,
    COMPILED: pytorch.CompiledProgram,
    GRAPHS: pytorch.GraphsProgram,
}


def device() -> str:
    """Returns the name of the GPU, or `cpu` where there is none."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return "cpu"


class Candidate:
    """One of PyTorch's, with the weights that `weights.draw` gives it."""

    def __init__(self, program: pytorch.Program, exported: Exported) -> None:
        self._candidate = program.build({"plan": exported.plan})
        self._candidate.load(weights.draw(exported.plan))
        images, _ = evaluation_pictures(exported.workload)
        images = images[: exported.workload.batch_size].astype(np.float32)
        self._images = (images - np.float32(MEAN)) / np.float32(STD)

    def say(self) -> NDArray[np.float32]:
        return self._candidate.logits(self._images, training=False)

    def facts(self) -> dict[str, float]:
        if not torch.cuda.is_available():
            return {}
        return {"training_bytes": torch.cuda.max_memory_allocated()}

    def __getattr__(self, name: str) -> Any:
        """Returns whatever else it is asked for: the candidate's own."""
        return getattr(self._candidate, name)


def builder(name: str, precision: str) -> Callable[[Exported], Candidate]:
    """Returns what makes candidates of a contender."""
    programs: dict[Any, pytorch.Program] = {}
    where = "cuda" if torch.cuda.is_available() else "cpu"

    def build(exported: Exported) -> Candidate:
        # Compiled ones know each other's sizes, and would be less specialized.
        torch.compiler.reset()
        if torch.cuda.is_available():
            torch.cuda.reset_peak_memory_stats()
        if exported.workload not in programs:
            programs[exported.workload] = _PROGRAMS[name](
                exported.workload, device=where, precision=precision
            )
        return Candidate(programs[exported.workload], exported)

    return build
