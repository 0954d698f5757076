"""One search of the experiment, from its seed to its winners."""

import contextlib
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.quality.budget import Budget
from benchmarks.quality.engine import SpentError, TableEngine, Trains
from benchmarks.quality.rows import Row
from benchmarks.quality.table import Table
from hnas_tf.archive import Archive, open_search
from hnas_tf.evolution import Individual
from hnas_tf.evolve import evolve, verify
from hnas_tf.genotype import genotype_to_json


@dataclass
class Best:
    """A watcher that notes whenever the best one changes.

    Attributes:
        engine: Whose steps are counted.
        changes: Steps trained, share, fitness and number of the best.
    """

    engine: TableEngine
    changes: list[tuple[int, float, float, int]] = field(default_factory=list)

    def begin(self, archive: Archive) -> None:
        """Has nothing to note yet."""

    def settled(self, individual: Individual, archive: Archive) -> None:
        """Notes an individual if it is better than all before."""
        if not self.changes or individual.rank > self.changes[-1][1:3]:
            steps = self.engine.ended_at
            self.changes.append((steps, *individual.rank, individual.number))

    def end(self, archive: Archive) -> None:
        """Has nothing to end."""

    def at(self, num_steps: float) -> int:
        """Returns who was the best after so many steps; at least the first."""
        first, *later = self.changes
        reached = [one for one in later if one[0] <= num_steps]
        return [first, *reached][-1][-1]


def run(
    row: Row, seed: int, budget: Budget, table: Table, trainings: Trains
) -> dict[str, Any]:
    """Returns what a search came to, as JSON values.

    Raises:
        AssertionError: if its archive does not follow from its seed.
    """
    config = budget.search(
        row.representation,
        row.algorithm,
        seed,
        num_evaluations=1 if row.is_single else None,
        **row.savings,
    )
    engine = TableEngine(budget, config, table, trainings)
    best = Best(engine)
    start = time.perf_counter()
    with (
        tempfile.TemporaryDirectory(dir=_memory()) as folder,
        open_search(folder, config) as archive,
    ):
        with contextlib.suppress(SpentError):
            evolve(config, archive=archive, engine=engine, watchers=[best])
        seconds = time.perf_counter() - start
        verdict = verify(config, archive)
        if verdict.problems:
            raise AssertionError(verdict.in_words())
        return {
            "changes": best.changes,
            "winners": [
                _winner(archive.individual(best.at(f * budget.total_steps)))
                for f in row.fractions
            ],
            "history": [
                [one.digest, one.equal_to, one.share, one.num_repeats]
                for one in archive.individuals()
                if one.state.is_final()
            ],
            "num_steps": engine.num_steps,
            "seconds": seconds,
        }


def _winner(individual: Individual) -> dict[str, Any]:
    return {
        "number": individual.number,
        "fitness": individual.fitness,
        "parameters": individual.cost.parameters,
        "digest": individual.digest,
        "genotype": genotype_to_json(individual.genotype),
    }


def _memory() -> Path | None:
    """Returns a folder in memory, where nothing waits for a disk."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() else None
