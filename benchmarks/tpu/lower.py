"""Writes the programs that no compiler has answered about yet.

    python -m benchmarks.tpu.lower --out=runs/tpu

They are compiled by `benchmarks.tpu.compile`, here or on a machine with more
cores and without TensorFlow. A program that our code of another day made the
same, and that was answered then, is not written: its answer is noted anew.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.candidates.machine import describe
from benchmarks.candidates.results import Found, Results
from benchmarks.tpu.answers import (
    COUNTING,
    PROGRAM,
    counting,
    known,
    noted,
)
from benchmarks.tpu.key import anywhen, key_of
from benchmarks.tpu.program import Program, path_of
from benchmarks.tpu.questions import TABLES, jobs_of
from hnas_tf.engines.errand import run_errand
from hnas_tf.tpu.job import (
    STEPS,
    Job,
    job_from_document,
    job_to_document,
)
from hnas_tf.tpu.judgement import refused
from hnas_tf.tpu.verdict import NOT_LOWERED, Refused

ERRAND = "benchmarks.tpu.lower:lower"


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
    write_unanswered(
        Results(options.known), options.out, options.tables, options.steps
    )


def write_unanswered(
    results: Results,
    folder: Path,
    tables: Sequence[str] = TABLES,
    steps: Sequence[str] = STEPS,
) -> None:
    """Lowers what our code of today has no answer about.

    Args:
        results: The answers; those that still hold are added.
        folder: For the programs that are to be compiled; those that are there
            already stay.
        tables: Of the questions.
        steps: Of their networks.
    """
    for name, job in _missing(results, tables, steps):
        if path_of(key_of(job), folder).exists():
            continue
        program = _program_of(name, job)
        if isinstance(program, Refused):
            results.add(key_of(job), noted(program, describe(), program=""))
            print(f"cannot be lowered: {name}", flush=True)
        elif found := _answer_of_another_day(program, results):
            results.add(program.key, found)
            print(f"answered before: {name}", flush=True)
        else:
            path = program.write(folder)
            seconds = program.lowering_seconds
            print(f"{path}: {name}, {seconds:.0f} s", flush=True)


def _missing(
    results: Results, tables: Sequence[str], steps: Sequence[str]
) -> Iterator[tuple[str, Job]]:
    for table in tables:
        for name, job in jobs_of(table):
            if job.step in steps and not known(results, key_of(job)):
                yield name, job


def _program_of(name: str, job: Job) -> Program | Refused:
    """Lowers in a child: TensorFlow keeps whatever it has traced."""
    made = run_errand(ERRAND, job_to_document(job))
    if "why_not" in made:
        return refused(NOT_LOWERED, made["why_not"], job)
    return Program(name, key_of(job), made["seconds"], made["text"])


def lower(document: dict[str, Any]) -> dict[str, Any]:
    """Returns the program of a job, and how long that took; or why not."""
    start = time.perf_counter()
    from hnas_tf.tpu.programs import LoweringError, lowered

    try:
        text = lowered(job_from_document(document))
    except LoweringError as error:
        return {"why_not": str(error)}
    return {"seconds": time.perf_counter() - start, "text": text}


def _answer_of_another_day(program: Program, results: Results) -> Found | None:
    return next(
        (
            found
            for key, found in results.entries()
            if anywhen(key) == anywhen(program.key)
            and found[PROGRAM] == program.digest
            and found[COUNTING] == counting()
        ),
        None,
    )


if __name__ == "__main__":
    main()
