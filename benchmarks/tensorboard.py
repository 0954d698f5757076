"""What TensorBoard costs: `make benchmark NAME=tensorboard`, four minutes.

A search of 10,000 individuals, made up but for its genotypes: eight workers,
three repeats with a curve each, fitnesses that rise and are noisy. It is
followed as while it runs, written anew as when it goes on, and opened in a
browser.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

from hnas_tf.archive import Archive, open_search
from hnas_tf.config import EvolutionConfig, SearchConfig
from hnas_tf.events import Finished, Progress, Ready, Submitted
from hnas_tf.evolution import Controller
from hnas_tf.reporting import TensorBoard
from tests.browser import boards, chromium

SIZE = 10_000
NUM_WORKERS, NUM_REPEATS, NUM_STEPS, NUM_POINTS = 8, 3, 5_000, 50
COMMAND = "python -m hnas_tf.search"
RUN, TAG = "tensorboard/search", "fitness/best"


def main() -> None:
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(
        dir=memory if memory.is_dir() else None
    ) as folder:
        write(Path(folder))
        for flag in ("--load_fast=auto", "--load_fast=false"):
            seconds = seconds_until_shown(folder, flag)
            print(f"shown by tensorboard {flag} after {seconds:.1f} s")


def write(workdir: Path) -> None:
    config = SearchConfig(
        evolution=EvolutionConfig(num_evaluations=SIZE, initial_population=200)
    )
    with open_search(workdir, config) as archive:
        board = TensorBoard(workdir, command=COMMAND)
        board.begin(archive)
        seconds = 0.0
        for number in search(config, archive):
            individual = archive.individual(number)
            start = time.perf_counter()
            board.settled(individual, archive)
            seconds += time.perf_counter() - start
        board.end(archive)
        each = f"{1e3 * seconds / SIZE:.1f} ms an individual"
        print(f"followed: {each}, {size(workdir)}")
        start = time.perf_counter()
        board = TensorBoard(workdir, command=COMMAND)
        board.begin(archive)
        board.end(archive)
        seconds = time.perf_counter() - start
        print(f"written anew: {seconds:.2f} s, {size(workdir)}")


def size(workdir: Path) -> str:
    files = [*(workdir / "tensorboard").rglob("events*")]
    num_bytes = sum(path.stat().st_size for path in files)
    return f"{num_bytes / 1e6:.1f} MB in {len(files)} files"


def search(config: SearchConfig, archive: Archive) -> Iterator[int]:
    """Yields the number of every individual when it is in the archive."""
    rng, now = Random(0), 0.0
    controller = Controller(config, fetch_genotype=archive.genotype)
    with archive.transaction():
        for worker in range(1, NUM_WORKERS + 1):
            archive.record(Ready(worker, {"device": "cpu"}), time=now)
    for place in range(SIZE):
        proposal = controller.ask(known_event=archive.last_event())
        number, now = proposal.number, now + rng.expovariate(1 / 30)
        mean = 0.9 - 0.4 / (1 + place / 1_000) + rng.gauss(0, 0.02)
        accuracies = [
            min(1.0, max(0.0, mean + rng.gauss(0, 0.01)))
            for _ in range(NUM_REPEATS)
        ]
        with archive.transaction():
            archive.add(proposal)
            archive.record(Submitted(number, 1), time=now)
            for repeat, accuracy in enumerate(accuracies, start=1):
                points = range(0, NUM_STEPS, NUM_STEPS // NUM_POINTS)
                curve = tuple((step, 2 / (1 + step)) for step in points)
                progress = Progress(number, 1, repeat, 1.0, accuracy, curve)
                archive.record(progress, time=now)
            seconds = {"building": 1.0, "training": 200.0}
            finished = Finished(number, 1, tuple(accuracies), seconds)
            archive.record(finished, time=now)
        controller.tell(archive.told(number))
        yield number


def seconds_until_shown(folder: str, flag: str) -> float:
    """Returns how long after its start TensorBoard shows the whole search."""
    path = chromium.path()
    if path is None:
        raise SystemExit(f"error: expected {chromium.HOW_TO_GET}")
    with chromium.started(path) as browser:
        start = time.perf_counter()
        with (
            boards.serve(folder, flag) as address,
            closing(chromium.new_page(browser, errors := [])) as page,
        ):
            while boards.last_step(address, run=RUN, tag=TAG) < SIZE:
                time.sleep(0.1)
            page.goto(f"{address}#scalars&tagFilter=^{TAG}$")
            page.locator("tf-scalar-card path.line").first.wait_for()
            seconds = time.perf_counter() - start
    if errors:
        raise SystemExit(f"error: expected no errors. Received: {errors}")
    return seconds


if __name__ == "__main__":
    main()
