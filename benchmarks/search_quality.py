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
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

from benchmarks.quality import setting as settings
from benchmarks.quality.budget import Budget
from benchmarks.quality.experiment import CALIBRATION, Experiment, Search
from benchmarks.quality.findings import spreads
from benchmarks.quality.goals import LEAST_SPREAD
from benchmarks.quality.page import as_markdown
from benchmarks.quality.picture import PICTURE_NAME, draw
from hnas_tf.engines.environment import cpu_environment
from hnas_tf.errors import HnasError
from hnas_tf.files import write_text


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_quality")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--page", action="store_true", help="only write it")
    parser.add_argument(
        "--most", type=int, help="searches to run, if not all that are missing"
    )
    options = parser.parse_args(arguments)
    try:
        run(options, Budget())
    except HnasError as error:
        sys.exit(f"error: {error}")


def run(options: argparse.Namespace, budget: Budget) -> None:
    """Runs what is missing, and writes the page; or only the page.

    Raises:
        HnasError: if what there is was measured otherwise, or candidates do
            not differ enough; or in the end, if searches failed.
    """
    if options.page:
        experiment = Experiment(options.out, settings.recorded(options.out))
        write_page(experiment, options.out)
        return
    experiment = Experiment(options.out, settings.present(budget))
    failed = run_missing(experiment, options)
    write_page(experiment, options.out)
    if failed:
        raise HnasError(
            "Expected all searches to end. Received: "
            f"{', '.join(f'{row}, seed {seed}' for row, seed in failed)}, "
            "which failed; the same command tries them again"
        )


def run_missing(
    experiment: Experiment, options: argparse.Namespace
) -> list[Search]:
    """Runs the searches that have not ended; returns those that failed."""
    missing = list(experiment.missing())[: options.most]
    first = [search for search in missing if search in CALIBRATION]
    later = missing[len(first) :]
    failed = run_all(experiment, first, options)
    if later and not failed:
        check_spread(experiment)
        failed = run_all(experiment, later, options)
    return failed


def run_all(
    experiment: Experiment, searches: list[Search], options: argparse.Namespace
) -> list[Search]:
    """Runs searches, so many at a time; returns those that failed."""
    one_writes = Lock()

    def has_failed(one: Search) -> bool:
        try:
            found = in_a_child(one, options.out, experiment.budget)
        except subprocess.CalledProcessError as error:
            print(f"{one.row}, seed {one.seed}: {error}", flush=True)
            return True
        check_code(experiment, found.pop("search_code"))
        with one_writes:
            experiment.add(one, found)
        print(in_words(one, found), flush=True)
        return False

    with ThreadPoolExecutor(options.processes) as pool:
        all_failed = pool.map(has_failed, searches)
        return [
            one
            for one, failed in zip(searches, all_failed, strict=True)
            if failed
        ]


def check_code(experiment: Experiment, search_code: str) -> None:
    """Checks that a child searched by the code that there was at first.

    Raises:
        HnasError: if somebody has changed it meanwhile.
    """
    if search_code != experiment.setting.search_code:
        raise HnasError(
            "Expected code that does not change while searches run by it. "
            "Received: changes; the same command goes on with what there is now"
        )


def in_words(search: Search, found: dict[str, Any]) -> str:
    """Returns what a search came to, for whoever waits."""
    number = len(found["history"])
    seconds = found["ended"] - found["began"]
    error = found["winners"][0]["test_error"]
    return (
        f"{search.row}, seed {search.seed}: {number} individuals in "
        f"{seconds:.0f} s, test error {error:.2f} %"
    )


def check_spread(experiment: Experiment) -> None:
    """Holds the spread of random candidates against chance.

    Raises:
        HnasError: if they differ too little in one of the spaces.
    """
    for space, spread in spreads(experiment).items():
        said = f"{space}: fitness spreads {spread.ratio:.1f} times its noise"
        print(said, flush=True)
        if spread.ratio < LEAST_SPREAD:
            raise HnasError(
                "Expected a budget of which the fitness of random networks "
                f"spreads {LEAST_SPREAD:g} times its noise. Received: {said}"
            )


def write_page(experiment: Experiment, folder: Path) -> None:
    """Writes the page and its picture, and prints the page."""
    page = as_markdown(experiment)
    write_text(folder / "search_quality.md", page)
    draw(experiment.found(), experiment.budget, folder / PICTURE_NAME)
    print(page)


def in_a_child(search: Search, folder: Path, budget: Budget) -> dict[str, Any]:
    """Returns what a search came to in a process of its own, and when."""
    command = [
        *(sys.executable, "-m", "benchmarks.quality.child", str(folder)),
        *(search.row, str(search.seed), json.dumps(budget.describe())),
    ]
    environment = {**os.environ, **cpu_environment()}
    began = time.time()
    out = subprocess.run(
        command,
        env=environment,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    ).stdout
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return {**found, "began": began, "ended": time.time()}


if __name__ == "__main__":
    main()
