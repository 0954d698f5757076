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
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from hnas_tf.config import (
    DataConfig,
    NetworkConfig,
    SearchConfig,
    TrainingConfig,
)
from hnas_tf.config.document import config_to_document
from hnas_tf.engines import Task
from hnas_tf.evolution.initialization import random_genotype
from hnas_tf.genotype import HIERARCHICAL, Genotype, can_be_assembled

NUM_CANDIDATES = 200
EARLY, LATE = slice(20, 40), slice(180, 200)
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


def main() -> None:
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
    os.environ["KERAS_BACKEND"] = "tensorflow"
    from hnas_tf.data.prepared import prepare
    from hnas_tf.training.evaluator import make_evaluator

    with TemporaryDirectory() as folder:
        data = DataConfig(prepared_dir=folder)
        found = prepare(dataclasses.asdict(data))
        data = dataclasses.replace(data, fingerprint=found["fingerprint"])
        config = SearchConfig(data=data, network=NETWORK, training=TRAINING)
        document = json.loads(json.dumps(config_to_document(config)))
        evaluator = make_evaluator(document)
        gc.freeze()
        gc.disable()
        held = []
        for number in range(1, NUM_CANDIDATES + 1):
            task = Task(number, 1, candidate(number))
            evaluator.evaluate(task, evaluator.prepare(task), lambda _: True)
            gc.collect()
            held.append(resident_megabytes())
            print(f"{number}: {held[-1]:,.0f} MB", flush=True)
    early, late = median(held[EARLY]), median(held[LATE])
    print(
        f"median over candidates 20 to 40: {early:,.0f} MB, over 180 to 200: "
        f"{late:,.0f} MB; {late / early:.2f} times"
    )


def candidate(number: int) -> Genotype:
    """Returns a random genotype, as a search begins with."""
    rng = Random(number)
    while True:
        genotype = random_genotype(HIERARCHICAL, rng)
        if can_be_assembled(genotype):
            return genotype


def resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
