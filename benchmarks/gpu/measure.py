"""Times candidates on a GPU; needs JAX or PyTorch, and no TensorFlow.

    python -m benchmarks.gpu.measure --contender=ours --steps=runs/gpu

Reads what `export` wrote. Each measurement is appended to a file as it is made;
what is there already is not measured again.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.candidates.installed import installed
from benchmarks.candidates.results import ERROR, Results
from benchmarks.gpu.exported import Exported, read
from benchmarks.gpu.setting import (
    CONTENDERS,
    GENOTYPES,
    OURS,
    PRECISIONS,
)
from benchmarks.gpu.timing import Candidate, measure

Build = Callable[[Exported], Candidate]
_LIBRARIES = ("jax", "jaxlib", "torch", "triton", "numpy")


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    results = Results(options.out)
    builder, device = contender(options.contender)
    for precision in options.precisions:
        build = builder(precision)
        for name in options.genotypes:
            exported = read(options.steps, name, precision)
            key = {
                "contender": options.contender,
                "genotype": name,
                "precision": precision,
                "device": device,
                "versions": installed(_LIBRARIES),
            }
            if results.get(key) is None:
                found = _measured(build, exported, options.turn)
                results.add(key, found)
                print(options.contender, name, precision, _briefly(found))


def contender(name: str) -> tuple[Callable[[str], Build], str]:
    """Returns what makes a builder of candidates, and the device's name.

    Only the library that it stands on is imported, so that the two do not share
    the device's memory.
    """
    if name == OURS:
        from benchmarks.gpu import xla

        device = xla.device()
        return (
            lambda precision: lambda exported: xla.Candidate(exported, device),
            device.device_kind,
        )
    from benchmarks.gpu import pytorch

    return lambda precision: pytorch.builder(name, precision), pytorch.device()


def _measured(
    build: Build, exported: Exported, turn: Path | None
) -> dict[str, Any]:
    """Returns what was found, or why nothing was."""
    try:
        return measure(lambda: build(exported), exported.workload, turn)
    # Whatever one candidate dies of, the others are measured.
    except Exception as error:
        return {ERROR: f"{type(error).__name__}: {error}"[:2000]}


def _briefly(found: dict[str, Any]) -> str:
    return ", ".join(
        f"{name} {value:,.4g}"
        for name, value in found.items()
        if isinstance(value, float | int)
    ) or str(found[ERROR])


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu.measure")
    parser.add_argument("--contender", choices=CONTENDERS, required=True)
    for option, known in (("genotypes", GENOTYPES), ("precisions", PRECISIONS)):
        parser.add_argument(
            f"--{option}", type=lambda text: text.split(","), default=known
        )
    parser.add_argument("--steps", type=Path, default=Path("runs/gpu"))
    parser.add_argument(
        "--out", type=Path, default=Path("benchmarks/results/gpu.jsonl")
    )
    parser.add_argument(
        "--turn",
        type=Path,
        help="a file: processes that are given it prepare at the same time, "
        "and are timed one by one",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
