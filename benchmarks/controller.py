"""What the controller costs: `make benchmark NAME=controller`, 4 minutes.

A search whose evaluator answers at once, one transaction for every individual;
who is equal to an earlier one takes its fitness. The archive lies in memory
where /dev/shm exists, so that no time is spent waiting for a disk; on a disk
every transaction waits for one fsync (of the write-ahead log), and every 1,000
pages for two more (of a checkpoint).
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
from hnas_tf.events import Finished, Reused, Submitted
from hnas_tf.evolution import Controller
from hnas_tf.evolve.equals import Equals
from hnas_tf.genotype import FLAT, HIERARCHICAL
from hnas_tf.plan import network_digest
from hnas_tf.reporting import TensorBoard

SIZES = {"hierarchical": (10_000, 100_000), "flat": (10_000,)}
CONFIGS = {
    "hierarchical": SearchConfig(space=HIERARCHICAL),
    # The budget of its recipe.
    "flat": SearchConfig(
        space=FLAT, evolution=EvolutionConfig(max_activation_bytes=10 * 2**30)
    ),
}
WINDOW = 1_000
CORE = "hnas_tf.genotype, hnas_tf.evolution, hnas_tf.archive"


def main() -> None:
    print(f"import of {CORE}: {import_seconds():.2f} s (median of 5)")
    memory = Path("/dev/shm")
    for space, config in CONFIGS.items():
        with tempfile.TemporaryDirectory(
            dir=memory if memory.is_dir() else None
        ) as folder:
            measure(folder, space, config)


def measure(folder: str, space: str, config: SearchConfig) -> None:
    rng = Random(0)
    times: list[dict[str, float]] = []
    first, *_ = SIZES[space]
    for size in SIZES[space]:
        start = time.perf_counter()
        with open_search(folder, config) as archive:
            controller = make_controller(config, archive)
            equals = Equals(archive, reuses=True)
            opened = time.perf_counter() - start
            if times:
                print(f"opening {len(times):,} individuals: {opened:.2f} s")
                report_tensorboard(Path(folder), archive)
            while len(times) < size:
                times.append(one_individual(controller, archive, equals, rng))
            if size == first:
                report(f"{space}, the random first ones", times[:200])
                report_digests(space, config, archive)
        report(f"{space}, before {size:,}", times[-WINDOW:])


def report_tensorboard(folder: Path, archive: Archive) -> None:
    start = time.perf_counter()
    board = TensorBoard(folder)
    board.begin(archive)
    board.end(archive)
    seconds = time.perf_counter() - start
    print(f"and writing TensorBoard's files anew: {seconds:.2f} s")


def report_digests(space: str, config: SearchConfig, archive: Archive) -> None:
    """Says how fast networks are known: the digests of the last ones."""
    seconds = []
    for individual in archive.individuals()[-WINDOW:]:
        start = time.perf_counter()
        network_digest(individual.genotype, config.network)
        seconds.append(time.perf_counter() - start)
    print(
        f"{space}: {len(seconds) / sum(seconds):,.0f} digests a second, the "
        f"slowest in {1e3 * max(seconds):.0f} ms"
    )


def make_controller(config: SearchConfig, archive: Archive) -> Controller:
    return Controller(
        config,
        fetch_genotype=archive.genotype,
        num_proposed=archive.num_individuals(),
        told=archive.population(),
    )


def one_individual(
    controller: Controller, archive: Archive, equals: Equals, rng: Random
) -> dict[str, float]:
    """Returns the seconds that asking, archiving and telling took."""
    marks = [time.perf_counter()]
    proposal = controller.ask(known_event=archive.last_event())
    marks.append(time.perf_counter())
    number, fitness = proposal.number, rng.random()
    with archive.transaction():
        known = equals.add(proposal)
        if known is None:
            archive.record(Submitted(number, 1), time=0.0)
            archive.record(Finished(number, 1, (fitness,)), time=0.0)
        else:
            archive.record(Reused(number, known), time=0.0)
    marks.append(time.perf_counter())
    controller.tell(archive.told(number))
    marks.append(time.perf_counter())
    asked, archived, told = (
        after - before for before, after in zip(marks, marks[1:], strict=False)
    )
    return {"ask": asked, "archive": archived, "tell": told}


def report(name: str, times: list[dict[str, float]]) -> None:
    parts = {key: 1e3 * median(t[key] for t in times) for key in times[0]}
    totals = sorted(1e3 * sum(t.values()) for t in times)
    shares = ", ".join(f"{key} {value:.3f}" for key, value in parts.items())
    print(
        f"{name}: {median(totals):.2f} ms an individual ({shares}; medians), "
        f"{totals[len(totals) * 99 // 100]:.1f} for 99 in 100"
    )


def import_seconds() -> float:
    code = f"import time; s = time.perf_counter(); import {CORE}; "
    code += "print(time.perf_counter() - s)"
    command = [sys.executable, "-c", code]
    return median(
        float(subprocess.check_output(command, text=True)) for _ in range(5)
    )


if __name__ == "__main__":
    main()
