"""How a worker's memory grows: `make benchmark NAME=memory`, 15 minutes.

One process evaluates 200 random candidates of the digits' recipe, as the child
of a search does that is never replaced, and notes after each how much memory it
holds.
"""

import dataclasses
import gc
import json
import os
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

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
EARLY, LATE = slice(20, 40), slice(180, 200)
# Of flags/digits_search.flags; memory does not depend on how long one trains.
RANDOM = EvolutionConfig(algorithm="random", num_evaluations=NUM_CANDIDATES)
NETWORK = NetworkConfig(num_channels=16, num_groups=2, image_channels=1)
TRAINING = TrainingConfig(
    batch_size=64,
    num_steps=20,
    num_repeats=1,
    crop_size=8,
    padding=1,
    flip=False,
)


def main() -> None:
    os.environ.update(cpu_environment())
    from hnas_tf.data.prepared import prepare
    from hnas_tf.training.evaluator import make_evaluator

    with TemporaryDirectory() as folder:
        data = DataConfig(prepared_dir=folder)
        found = prepare(dataclasses.asdict(data))
        data = dataclasses.replace(data, fingerprint=found["fingerprint"])
        config = SearchConfig(
            data=data, network=NETWORK, training=TRAINING, evolution=RANDOM
        )
        document = json.loads(json.dumps(config_to_document(config)))
        evaluator = make_evaluator(document)
        controller = Controller(config, fetch_genotype=no_parent)
        gc.freeze()
        gc.disable()
        held = []
        for number in range(1, NUM_CANDIDATES + 1):
            task = Task(number, 1, controller.ask().genotype)
            evaluator.evaluate(task, evaluator.prepare(task), lambda _: True)
            gc.collect()
            held.append(resident_megabytes())
            print(f"{number}: {held[-1]:,.0f} MB", flush=True)
    early, late = median(held[EARLY]), median(held[LATE])
    print(
        f"median over candidates 20 to 40: {early:,.0f} MB, over 180 to 200: "
        f"{late:,.0f} MB; {late / early:.2f} times"
    )


def no_parent(number: int) -> Genotype:
    raise LookupError(f"random search has no parents, such as {number}")


def resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
