"""What the controller costs: `make benchmark NAME=controller`, 2 minutes.

A search whose evaluator answers at once, one transaction for every individual.
The archive lies in memory where /dev/shm exists, so that no time is spent
waiting for a disk; on a disk every transaction waits for one fsync (of the
write-ahead log), and every 1,000 pages for two more (of a checkpoint).
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from statistics import median

from hnas_tf.archive import Archive, open_search
from hnas_tf.config import EvolutionConfig, SearchConfig
from hnas_tf.events import Finished, Submitted
from hnas_tf.evolution import Controller, Told
from hnas_tf.reporting import TensorBoard

SIZES = (10_000, 100_000)
WINDOW = 1_000
CORE = "hnas_tf.genotype, hnas_tf.evolution, hnas_tf.archive"


def main() -> None:
    print(f"import of {CORE}: {import_seconds():.2f} s (median of 5)")
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(
        dir=memory if memory.is_dir() else None
    ) as folder:
        measure(folder)


def measure(folder: str) -> None:
    config = SearchConfig(evolution=EvolutionConfig(num_evaluations=max(SIZES)))
    rng = Random(0)
    times: list[dict[str, float]] = []
    for size in SIZES:
        start = time.perf_counter()
        with open_search(folder, config) as archive:
            controller = make_controller(config, archive)
            opened = time.perf_counter() - start
            if times:
                print(f"opening {len(times):,} individuals: {opened:.2f} s")
                report_tensorboard(Path(folder), archive)
            while len(times) < size:
                times.append(one_individual(controller, archive, rng))
        if size == min(SIZES):
            report("the random first ones", times[:200])
        report(f"before {size:,}", times[-WINDOW:])


def report_tensorboard(folder: Path, archive: Archive) -> None:
    start = time.perf_counter()
    board = TensorBoard(folder)
    board.begin(archive)
    board.end(archive)
    seconds = time.perf_counter() - start
    print(f"and writing TensorBoard's files anew: {seconds:.2f} s")


def make_controller(config: SearchConfig, archive: Archive) -> Controller:
    return Controller(
        config,
        fetch_genotype=archive.genotype,
        num_proposed=archive.num_individuals(),
        told=archive.population(),
    )


def one_individual(
    controller: Controller, archive: Archive, rng: Random
) -> dict[str, float]:
    """Returns the seconds that asking, archiving and telling took."""
    marks = [time.perf_counter()]
    proposal = controller.ask(known_event=archive.last_event())
    marks.append(time.perf_counter())
    number, fitness = proposal.number, rng.random()
    with archive.transaction():
        archive.add(proposal)
        archive.record(Submitted(number, 1), time=0.0)
        archive.record(Finished(number, 1, (fitness,)), time=0.0)
    marks.append(time.perf_counter())
    controller.tell(Told(number, fitness, 1.0, proposal.cost))
    marks.append(time.perf_counter())
    asked, archived, told = (
        after - before for before, after in zip(marks, marks[1:], strict=False)
    )
    return {"ask": asked, "archive": archived, "tell": told}


def report(name: str, times: list[dict[str, float]]) -> None:
    parts = {key: 1e3 * median(t[key] for t in times) for key in times[0]}
    total = 1e3 * median(sum(t.values()) for t in times)
    shares = ", ".join(f"{key} {value:.3f}" for key, value in parts.items())
    print(f"{name}: {total:.2f} ms an individual ({shares}; medians)")


def import_seconds() -> float:
    code = f"import time; s = time.perf_counter(); import {CORE}; "
    code += "print(time.perf_counter() - s)"
    command = [sys.executable, "-c", code]
    return median(
        float(subprocess.check_output(command, text=True)) for _ in range(5)
    )


if __name__ == "__main__":
    main()
