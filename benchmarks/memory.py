"""How a worker's memory grows: `make benchmark NAME=memory`, 15 minutes.

One process evaluates 200 random candidates (`--candidates`) of the digits'
recipe, as the child of a search does that is never replaced, and notes after
each how much memory it holds.
"""

import argparse
import dataclasses
import gc
import json
import os
import sys
from collections.abc import Sequence
from statistics import linear_regression, median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from benchmarks.loads.meter import resident_bytes
from hnas_tf.config import (
    DataConfig,
    EvolutionConfig,
    NetworkConfig,
    SearchConfig,
    TrainingConfig,
)
from hnas_tf.config.document import config_to_document
from hnas_tf.engines import Task
from hnas_tf.engines.environment import cpu_environment
from hnas_tf.evolution import Controller
from hnas_tf.genotype import Genotype

NUM_CANDIDATES = 200
MIN_CANDIDATES = 60
EARLY, LATE = slice(20, 40), slice(-20, None)
# Of flags/digits_search.flags; memory does not depend on how long one trains.
NETWORK = NetworkConfig(num_channels=16, num_groups=2, image_channels=1)
TRAINING = TrainingConfig(
    batch_size=64,
    num_steps=20,
    num_repeats=1,
    crop_size=8,
    padding=1,
    flip=False,
)


class Growth(NamedTuple):
    """How the memory of a worker grew, in MB.

    Attributes:
        early: Held over candidates 20 to 40; the median.
        late: Over the last 20.
        most: At most.
        slope: A candidate, over the second half of them.
    """

    early: float
    late: float
    most: float
    slope: float

    def in_words(self) -> str:
        return (
            f"median over candidates 20 to 40: {self.early:,.0f} MB, over the "
            f"last 20: {self.late:,.0f} MB, {self.late / self.early:.2f} "
            f"times; at most {self.most:,.0f} MB; in the second half "
            f"{self.slope:+.2f} MB a candidate"
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory")
    parser.add_argument(
        "--candidates",
        type=int,
        default=NUM_CANDIDATES,
        help=f"at least {MIN_CANDIDATES}",
    )
    document = {"num_candidates": parser.parse_args().candidates}
    print(growth(measure(document)["megabytes"]).in_words())


def measure(document: dict[str, Any]) -> dict[str, Any]:
    """Returns the MB that are held after every candidate; also an errand."""
    number = document["num_candidates"]
    os.environ.update(cpu_environment())
    from hnas_tf.data.prepared import prepare
    from hnas_tf.training.evaluator import make_evaluator

    with TemporaryDirectory() as folder:
        data = DataConfig(prepared_dir=folder)
        found = prepare(dataclasses.asdict(data))
        data = dataclasses.replace(data, fingerprint=found["fingerprint"])
        config = SearchConfig(
            data=data,
            network=NETWORK,
            training=TRAINING,
            evolution=EvolutionConfig(
                algorithm="random", num_evaluations=number
            ),
        )
        evaluator = make_evaluator(
            json.loads(json.dumps(config_to_document(config)))
        )
        controller = Controller(config, fetch_genotype=no_parent)
        gc.freeze()
        gc.disable()
        held = []
        for candidate in range(1, number + 1):
            task = Task(candidate, 1, controller.ask().genotype)
            evaluator.evaluate(task, evaluator.prepare(task), lambda _: True)
            gc.collect()
            held.append(resident_bytes() / 1e6)
            print(f"{candidate}: {held[-1]:,.0f} MB", file=sys.stderr)
    return {"megabytes": held}


def growth(megabytes: Sequence[float]) -> Growth:
    """Returns what the figures of all candidates come to."""
    second = megabytes[len(megabytes) // 2 :]
    return Growth(
        median(megabytes[EARLY]),
        median(megabytes[LATE]),
        max(megabytes),
        linear_regression(range(len(second)), second).slope,
    )


def no_parent(number: int) -> Genotype:
    raise LookupError(f"random search has no parents, such as {number}")


if __name__ == "__main__":
    main()
