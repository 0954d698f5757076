"""A page of many individuals: `make benchmark NAME=report`, two minutes.

How long it takes to make, how large it is, and how long a browser takes until
it can be used: Debian's `chromium`, without a graphics card. The search behind
it is the controller's own, with accuracies that are drawn at random.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.candidates.machine import describe
from benchmarks.candidates.markdown import number, table
from hnas_tf.archive import Archive, open_search
from hnas_tf.config import EvolutionConfig, SearchConfig
from hnas_tf.events import Failed, Finished, Progress, Reused, Submitted
from hnas_tf.evolution import Controller, Told
from hnas_tf.genotype import FLAT, HIERARCHICAL
from hnas_tf.reporting.report import Subject, page
from tests.browser import chromium

SPACES = {"hierarchical": HIERARCHICAL, "flat": FLAT}
ROUNDS = 5
CURVE = tuple((250 * step, 2.0 / step) for step in range(1, 21))
SECONDS = {"building": 0.5, "tracing": 2.0, "training": 25.0}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report")
    parser.add_argument("--individuals", type=int, default=10_000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            [name, *figures(Path(folder) / name, name, options.individuals)]
            for name in SPACES
        ]
    print(f"{options.individuals:,} individuals, {describe()}, medians:\n")
    print(table(["", "made, s", "MB", "ready, s"], rows))


def figures(workdir: Path, space: str, num_individuals: int) -> list[str]:
    config = SearchConfig(
        space=SPACES[space],
        evolution=EvolutionConfig(
            num_evaluations=num_individuals, max_activation_bytes=None
        ),
    )
    write(workdir, config)
    path = workdir / "report.html"
    making = [seconds_to_make(workdir, config, path) for _ in range(ROUNDS)]
    opening = [seconds_to_open(path) for _ in range(ROUNDS)]
    return [
        number(median(making), digits=1),
        number(path.stat().st_size / 1e6, digits=1),
        number(median(opening), digits=1),
    ]


def write(workdir: Path, config: SearchConfig) -> None:
    """Writes the archive of a search whose mutations help now and then."""
    rng, fitness, trained = Random(1), dict[int, float](), dict[str, int]()
    with open_search(workdir, config) as archive:
        controller = Controller(config, fetch_genotype=archive.genotype)
        for _ in range(config.evolution.num_evaluations):
            with archive.transaction():
                proposal = controller.ask(known_event=archive.last_event())
                known = trained.get(proposal.digest)
                archive.add(proposal, equal_to=known)
                one, now = proposal.number, 30.0 * proposal.number
                if known:
                    archive.record(Reused(one, known), time=now)
                    fitness[one] = fitness[known]
                elif rng.random() < 0.03:
                    archive.record(Submitted(one, 1), time=now)
                    archive.record(
                        Failed(one, 1, "out of memory", "too large"),
                        time=now + 9,
                    )
                    continue
                else:
                    parent = fitness.get(proposal.parent or 0, 0.7)
                    mean = min(0.98, max(0.1, rng.gauss(parent, 0.02)))
                    fitness[one] = _train(archive, one, mean, now, rng)
                    trained[proposal.digest] = one
            controller.tell(Told(one, fitness[one], 1.0, proposal.cost))


def _train(
    archive: Archive, one: int, mean: float, now: float, rng: Random
) -> float:
    """Records a training of four repeats; returns their mean."""
    found = tuple(min(1.0, rng.gauss(mean, 0.004)) for _ in range(4))
    archive.record(Submitted(one, 1), time=now)
    for repeat, accuracy in enumerate(found, start=1):
        archive.record(
            Progress(one, 1, repeat, 1.0, accuracy, CURVE), time=now + 7
        )
    archive.record(Finished(one, 1, found, SECONDS), time=now + 29)
    return sum(found) / len(found)


def seconds_to_make(workdir: Path, config: SearchConfig, path: Path) -> float:
    start = time.perf_counter()
    with Archive.open(workdir) as archive:
        text = page([Subject("mine", config, archive, {}, "Not verified.")])
        path.write_text(text, encoding="utf-8")
    return time.perf_counter() - start


def seconds_to_open(path: Path) -> float:
    """Returns how long a new browser takes until the page says it is ready."""
    browser_path = chromium.path()
    if browser_path is None:
        sys.exit(f"needs {chromium.HOW_TO_GET}")
    with chromium.started(browser_path) as browser:
        tab = browser.new_page()
        start = time.perf_counter()
        tab.goto(path.as_uri())
        tab.wait_for_selector("[data-ready]")
        return time.perf_counter() - start


if __name__ == "__main__":
    main()
