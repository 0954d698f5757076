"""What a search finds: `make benchmark NAME=search_quality`, hours.

The paper's Table 1 on the built-in digits: flat and hierarchical, random
architectures, random search and evolution, and beside it aging, reuse of
fitnesses, and all savings together; some seeds each, equally many trained steps
for all. Every training and every search is appended to a file as it ends, and
the same command goes on with what is missing. In the end, or with `--page`, a
table and a picture are written beside them.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

from benchmarks.quality.budget import Budget
from benchmarks.quality.experiment import Experiment, Search
from benchmarks.quality.findings import LEAST_SPREAD, spreads
from benchmarks.quality.page import as_markdown
from benchmarks.quality.picture import PICTURE_NAME, draw
from hnas_tf.engines.environment import cpu_environment
from hnas_tf.files import write_text

# Before all others: do candidates differ beyond chance?
CALIBRATION = [
    Search("flat, random search", 1),
    Search("hierarchical, random search", 1),
]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_quality")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--page", action="store_true", help="only write it")
    parser.add_argument(
        "--most", type=int, help="searches to run, if not all that are missing"
    )
    options = parser.parse_args(arguments)
    run(options, Budget())


def run(options: argparse.Namespace, budget: Budget) -> None:
    """Runs what is missing, and writes the page."""
    experiment = Experiment(options.out, budget)
    missing = [] if options.page else list(experiment.missing())[: options.most]
    one_writes = Lock()
    first = [s for s in missing if s in CALIBRATION]
    with ThreadPoolExecutor(options.processes) as pool:

        def search(one: Search) -> None:
            found = in_a_child(one, options.out, budget)
            with one_writes:
                experiment.add(one, found)
            print(
                f"{one.row}, seed {one.seed}: {len(found['history'])} "
                f"individuals in {found['seconds']:.0f} s, test error "
                f"{found['winners'][0]['test_error']:.2f} %",
                flush=True,
            )

        list(pool.map(search, first))
        if not options.page:
            check_spread(experiment, budget)
        list(pool.map(search, [s for s in missing if s not in first]))
    page = as_markdown(experiment, budget)
    write_text(options.out / "search_quality.md", page)
    draw(experiment.found(), budget, options.out / PICTURE_NAME)
    print(page)


def check_spread(experiment: Experiment, budget: Budget) -> None:
    """Ends the program where random candidates differ by chance alone."""
    for representation, spread in spreads(experiment, budget).items():
        said = f"{representation}: fitness spreads {spread.ratio:.1f} times"
        print(f"{said} its noise", flush=True)
        if representation == "hierarchical" and spread.ratio < LEAST_SPREAD:
            sys.exit(f"error: {said} its noise, not {LEAST_SPREAD:g}")


def in_a_child(search: Search, folder: Path, budget: Budget) -> dict[str, Any]:
    """Returns what a search came to in a process of its own."""
    command = [
        *(sys.executable, "-m", "benchmarks.quality.child", str(folder)),
        *(search.row, str(search.seed), json.dumps(budget.describe())),
    ]
    environment = {**os.environ, **cpu_environment()}
    out = subprocess.run(
        command,
        env=environment,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    ).stdout
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
