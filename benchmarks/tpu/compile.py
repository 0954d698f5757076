"""Has written programs compiled: needs JAX and libtpu, no TensorFlow.

    python -m benchmarks.tpu.compile --programs=runs/tpu --processes=16

Every answer is appended to the file of answers as it is made; what it knows
already is not asked again. Files of several machines are joined by `cat`.
"""

import argparse
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

from benchmarks.candidates.machine import describe
from benchmarks.candidates.results import Results
from benchmarks.tpu.answers import TIMEOUT_SECONDS, known, noted
from benchmarks.tpu.key import require_compiler_of
from benchmarks.tpu.program import Program
from hnas_tf.tpu.check import verdict_by
from hnas_tf.tpu.compiler import require_compiler
from hnas_tf.tpu.job import TRAINING, job_from_document
from hnas_tf.tpu.judgement import judgement
from hnas_tf.tpu.verdict import (
    CRASHED,
    TIMED_OUT,
    Refused,
    briefly,
    verdict_to_document,
)

ERRAND = "benchmarks.tpu.compile:judge"
# Of this machine, such as too little memory: not noted, hence asked again.
_ACCIDENTS = (CRASHED, TIMED_OUT)


def judge(document: dict[str, Any]) -> dict[str, Any]:
    """Returns the verdict of a written program, both as JSON values."""
    require_compiler()
    program = Program.read(Path(document["path"]))
    verdict = judgement(
        program.text,
        job_from_document(program.key["job"]),
        lowering_seconds=program.lowering_seconds,
    )
    return verdict_to_document(verdict)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tpu.compile")
    parser.add_argument("--programs", type=Path, default=Path("runs/tpu"))
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument(
        "--out", type=Path, default=Path("benchmarks/results/preflight.jsonl")
    )
    options = parser.parse_args(arguments)
    answer(options.programs, Results(options.out), options.processes)


def answer(folder: Path, results: Results, num_processes: int) -> None:
    """Has programs compiled that are not answered yet.

    Args:
        folder: Of the programs.
        results: The answers, to which those about the others are added.
        num_processes: Of the compiler, side by side.
    """
    one_writes = Lock()
    machine = f"{describe()}, {num_processes} at a time"

    def ask(path: Path) -> None:
        program = Program.read(path)
        if known(results, program.key):
            return
        require_compiler_of(program.key)
        verdict = verdict_by(
            ERRAND, {"path": str(path)}, timeout_seconds=TIMEOUT_SECONDS
        )
        print(f"{program.name}: {briefly(verdict)}", flush=True)
        if isinstance(verdict, Refused) and verdict.reason in _ACCIDENTS:
            return
        with one_writes:
            results.add(program.key, noted(verdict, machine, program.digest))

    with ThreadPoolExecutor(num_processes) as pool:
        list(pool.map(ask, _longest_first(folder)))


def _longest_first(folder: Path) -> list[Path]:
    """Returns the files of programs; those that train take longest."""

    def rank(path: Path) -> tuple[bool, int]:
        trains = Program.read(path).key["job"]["step"] == TRAINING
        return (not trains, -path.stat().st_size)

    return sorted(folder.glob("*.json.xz"), key=rank)


if __name__ == "__main__":
    main()
