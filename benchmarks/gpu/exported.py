"""What is written where there is TensorFlow, and read where there is a GPU."""

import dataclasses
import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.candidates.workload import Workload

_SUFFIX = ".json.gz"


@dataclass(frozen=True)
class Step:
    """A function that XLA compiles whole.

    Attributes:
        program: StableHLO, in MLIR's words.
        arguments: What they are called, in order.
        updated: Those that its outputs replace; a first output is none of them.
    """

    program: str
    arguments: tuple[str, ...]
    updated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exported:
    """A candidate as XLA gets it on a GPU.

    Attributes:
        name: Of the genotype.
        precision: `float32` or `bfloat16`.
        workload: The sizes that the steps were traced with.
        plan: Of the network, as JSON values; PyTorch's is built of it.
        vectors: The names of the weights that lie one after another in
            `kernels`, `others` and `averages`, as `weights.draw` calls them.
        lowering_seconds: From the genotype to both programs.
        training: `Trainer.train_step`.
        evaluation: Places of pictures -> logits.
    """

    name: str
    precision: str
    workload: Workload
    plan: list[list[Any]]
    vectors: dict[str, list[str]]
    lowering_seconds: float
    training: Step
    evaluation: Step

    def write(self, folder: Path) -> Path:
        """Writes it; returns the path."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.{self.precision}{_SUFFIX}"
        text = json.dumps(dataclasses.asdict(self))
        path.write_bytes(gzip.compress(text.encode()))
        return path


def read(folder: Path, name: str, precision: str) -> Exported:
    """Returns what `write` wrote there."""
    content = (folder / f"{name}.{precision}{_SUFFIX}").read_bytes()
    document = json.loads(gzip.decompress(content))
    for step in ("training", "evaluation"):
        parts = document[step]
        document[step] = Step(
            parts["program"],
            tuple(parts["arguments"]),
            tuple(parts["updated"]),
        )
    return Exported(
        **{**document, "workload": Workload(**document["workload"])}
    )
