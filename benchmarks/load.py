"""What the driver stands: `make benchmark NAME=load`, about an hour.

Evaluations a second of simulated workers and of real Ray actors, how idle
workers are, how the driver's memory grows, how busy 10,000 workers would keep
it, and how a worker's memory grows, which takes most of the time; `--only`
measures some of it. Every figure is appended to a file as it is found, and the
same command goes on with what is missing. In the end, or with `--page`, a table
is written beside it.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.candidates import machine
from benchmarks.candidates.contenders import Library
from benchmarks.candidates.results import Key, Results
from benchmarks.loads.figures import Figure, figures
from benchmarks.loads.page import as_markdown
from hnas_tf.engines.errand import run_errand
from hnas_tf.files import write_text

LIBRARY = Library(sys.executable, "hnas_tf", ("ray", "tensorflow-cpu"))
FLOORS = ("archive", "engines", "evolution", "evolve", "plan", "reporting")


def main(arguments: Sequence[str] | None = None) -> None:
    wanted = figures()
    parts = list(dict.fromkeys(figure.part for figure in wanted))
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--only", default=",".join(parts), help="of these")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="of the evaluations"
    )
    parser.add_argument("--page", action="store_true", help="only write it")
    parser.add_argument(
        "--out", type=Path, default=Path("benchmarks/results/load.jsonl")
    )
    run(parser.parse_args(arguments))


def run(options: argparse.Namespace) -> None:
    """Measures what is missing, and writes the table."""
    # Children of Ray's actors start elsewhere.
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
    results, all_figures = Results(options.out), figures(options.scale)
    chosen = [] if options.page else options.only.split(",")
    for figure in all_figures:
        key = key_of(figure)
        if figure.part in chosen and not results.get(key):
            results.add(key, run_errand(figure.errand, figure.document))
    page = as_markdown(
        (figure, results.get(key_of(figure))) for figure in all_figures
    )
    write_text(options.out.with_suffix(".md"), page)
    print(page)


def key_of(figure: Figure) -> Key:
    return {
        "errand": figure.errand,
        "document": figure.document,
        "machine": machine.describe(),
        "versions": machine.versions(LIBRARY),
        "code": machine.digest_of_hnas_tf(FLOORS),
    }


if __name__ == "__main__":
    main()
