"""Writes the programs that no compiler has answered about yet.

    python -m benchmarks.tpu.lower --out=runs/tpu

They are compiled by `benchmarks.tpu.compile`, here or on a machine with more
cores and without TensorFlow.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import keras

from benchmarks.candidates.results import Results
from benchmarks.tpu.key import key_of
from benchmarks.tpu.program import Program
from benchmarks.tpu.questions import TABLES, jobs_of
from hnas_tf.tpu.job import STEPS, Job
from hnas_tf.tpu.programs import lowered


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tpu.lower")
    parser.add_argument("--out", type=Path, default=Path("runs/tpu"))
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=TABLES)
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS)
    parser.add_argument(
        "--known",
        type=Path,
        default=Path("benchmarks/results/preflight.jsonl"),
        help="the answers that there are",
    )
    options = parser.parse_args(arguments)
    for name, job in _missing(options):
        start = time.perf_counter()
        text = lowered(job)
        seconds = time.perf_counter() - start
        keras.backend.clear_session()
        path = Program(name, key_of(job), seconds, text).write(options.out)
        print(f"{path}: {name}, {seconds:.0f} s", flush=True)


def _missing(options: argparse.Namespace) -> Iterator[tuple[str, Job]]:
    known = Results(options.known)
    for table in options.tables:
        for name, job in jobs_of(table):
            if job.step in options.steps and not known.get(key_of(job)):
                yield name, job


if __name__ == "__main__":
    main()
