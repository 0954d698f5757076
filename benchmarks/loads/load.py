"""What a search is to stand, as values that a child is told."""

import os
from dataclasses import dataclass

from hnas_tf.config import (
    ClusterConfig,
    EvolutionConfig,
    SavingsConfig,
    SearchConfig,
    TrainingConfig,
    WorkersConfig,
)

SIMULATED, RAY, LOCAL, MODEL = "simulated", "ray", "local", "model"
MEMORY, DISK = "memory", "disk"
HOME = "benchmarks.loads.evaluators"


@dataclass(frozen=True)
class Load:
    """A search of the paper's space, in which every individual is evaluated.

    What is measured begins when all workers have been ready, and ends when
    there is still work for all of them.

    Attributes:
        engine: `simulated`: workers of this process, under the clock; `model`:
            the same, under one that skips what is waited for; `ray`; `local`.
        num_workers: Of the engine.
        last: The individual, in the order of their ends, that ends it.
        first: No earlier one begins it.
        archive: Where the archive lies: in `memory` or on a `disk`.
        num_repeats: Questions of an evaluation.
        evaluator: The import path of what real children are given.
    """

    engine: str
    num_workers: int
    last: int
    first: int = 0
    archive: str = MEMORY
    num_repeats: int = 1
    evaluator: str = f"{HOME}:ToyEvaluator"

    def config(self) -> SearchConfig:
        """Returns the configuration of the search."""
        cores = len(os.sched_getaffinity(0))
        return SearchConfig(
            evaluator=self.evaluator,
            training=TrainingConfig(num_repeats=self.num_repeats),
            evolution=EvolutionConfig(
                num_evaluations=self.last + self.num_workers
            ),
            savings=SavingsConfig(reuse_fitness=False),
            workers=WorkersConfig(num_workers=self.num_workers),
            cluster=ClusterConfig(
                engine="ray" if self.engine == RAY else "local",
                # There is a place for all, however few cores there are.
                cpus_per_worker=round(cores / self.num_workers, 3),
            ),
        )
