"""What TPUs make of the paper: `make benchmark NAME=preflight`, some hours.

The paper's networks on every generation, and random candidates of its searches,
through Google's compiler, one program after another. Every answer is appended
to a file as it is made, and the same command goes on with what is missing. In
the end a page is written beside it. Needs the extra `preflight`.
"""

import argparse
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.candidates.machine import digest_of_hnas_tf
from benchmarks.candidates.results import Results
from benchmarks.tpu.questions import TABLES, Question, questions
from benchmarks.tpu.tables import page
from hnas_tf.files import write_text
from hnas_tf.tpu.check import verdict_of
from hnas_tf.tpu.checked import Checked
from hnas_tf.tpu.job import Job, job_to_document
from hnas_tf.tpu.verdict import (
    Verdict,
    verdict_from_document,
    verdict_to_document,
)

PACKAGES = ("jax", "libtpu", "tensorflow-cpu", "keras")


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    results = Results(options.out)
    answers = []
    for table in options.tables:
        for question in questions(table):
            answers.append((question, checked(question, results, versions)))
    text = page(answers, versions)
    write_text(options.out.with_suffix(".md"), text)
    print(text)


def checked(question: Question, results: Results, versions: str) -> Checked:
    """Returns what the compiler says, or said before."""
    return Checked.by(
        lambda job: known_verdict(job, question.name, results, versions),
        question.job,
        question.num_devices,
    )


def known_verdict(
    job: Job, name: str, results: Results, versions: str
) -> Verdict:
    key = {
        "job": job_to_document(job),
        "versions": versions,
        "hnas_tf": digest_of_hnas_tf(),
    }
    found = results.get(key)
    if found is None:
        found = verdict_to_document(verdict_of(job, timeout_seconds=1800.0))
        results.add(key, found)
        said = found.get("reason", f"{found.get('compile_seconds', 0):.0f} s")
        print(f"{job.tpu_type}, {name}, {job.step}: {said}", flush=True)
    return verdict_from_document(found)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.preflight",
        description="What Google's compiler for TPUs says of the paper.",
    )
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=TABLES)
    parser.add_argument(
        "--out", type=Path, default=Path("benchmarks/results/preflight.jsonl")
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
