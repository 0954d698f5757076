"""What TPUs make of the paper: `make benchmark NAME=preflight`, many hours.

The paper's networks on every generation, and random candidates of its searches,
through Google's compiler, one program after another. Every answer is appended
to a file as it is made, and the same command goes on with what is missing, or
with what our code has made another program since. In the end, or with `--page`,
a page is written beside it. Needs the extra `preflight`; `benchmarks.tpu.lower`
and `benchmarks.tpu.compile` do the same on two machines, of which only the
first needs TensorFlow.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.candidates.results import Results
from benchmarks.tpu.answers import Answer, known, read
from benchmarks.tpu.compile import answer
from benchmarks.tpu.key import key_of, versions
from benchmarks.tpu.lower import write_unanswered
from benchmarks.tpu.questions import (
    STEPS_OF,
    TABLES,
    Question,
    questions,
)
from benchmarks.tpu.tables import page
from hnas_tf.files import write_text
from hnas_tf.tpu.checked import Checked
from hnas_tf.tpu.verdict import Verdict


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    results = Results(options.out)
    if not options.page:
        ask_all(options.tables, results)
    text = page(list(known_answers(options.tables, results)), versions())
    write_text(options.out.with_suffix(".md"), text)
    print(text)


def ask_all(tables: Sequence[str], results: Results) -> None:
    """Has everything compiled that no answer is known of."""
    with TemporaryDirectory() as folder:
        write_unanswered(results, Path(folder), tables)
        answer(Path(folder), results, num_processes=1)


def known_answers(tables: Sequence[str], results: Results) -> Iterator[Answer]:
    """Yields the networks about which all is known."""
    for table in tables:
        for question in questions(table):
            found = {
                step: known(results, key_of(replace(question.job, step=step)))
                for step in STEPS_OF[table]
            }
            there = {step: read(one) for step, one in found.items() if one}
            if len(there) == len(found):
                yield answer_to(question, there)


def answer_to(
    question: Question, found: dict[str, tuple[Verdict, str]]
) -> Answer:
    checked = Checked.by(
        lambda job: found[job.step][0],
        question.job,
        steps=tuple(found),
    )
    machines = tuple(machine for _, machine in found.values())
    return Answer(question, checked, machines)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.preflight",
        description="What Google's compiler for TPUs says of the paper.",
    )
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=TABLES)
    parser.add_argument("--page", action="store_true", help="only write it")
    parser.add_argument(
        "--out", type=Path, default=Path("benchmarks/results/preflight.jsonl")
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
