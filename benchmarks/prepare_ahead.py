"""What preparing ahead gains: `make benchmark NAME=prepare_ahead`, a minute.

One worker, whose evaluator waits one second where another would build and
compile, and one second where it would train, as an accelerator has it: the two
do not share a processor. What is counted begins when the worker is ready.
"""

import tempfile
import time
from typing import Any

from hnas_tf.archive import Archive, open_search
from hnas_tf.config import EvolutionConfig, SearchConfig, WorkersConfig
from hnas_tf.config.document import config_to_document
from hnas_tf.engines import Ask, Device, LocalEngine, Task
from hnas_tf.events import Finished
from hnas_tf.evolve import evolve

PREPARE_SECONDS = 1.0
TRAIN_SECONDS = 1.0
NUM_CANDIDATES = 12


class WaitingEvaluator:
    """Waits instead of working; every fitness is the same."""

    def __init__(self, config: dict[str, Any]) -> None:
        del config
        self.facts = {"device": "none"}

    def prepare(self, task: Task) -> None:
        """Waits as long as a compiler."""
        del task
        time.sleep(PREPARE_SECONDS)

    def evaluate(self, task: Task, prepared: None, ask: Ask) -> Finished:
        """Waits as long as a training."""
        del prepared, ask
        time.sleep(TRAIN_SECONDS)
        return Finished(task.individual, task.attempt, (0.5,))


def main() -> None:
    after, ahead = (candidates_a_minute(ahead) for ahead in (False, True))
    print(f"one after the other: {after:.1f} candidates a minute")
    print(f"prepared ahead:      {ahead:.1f} candidates a minute")
    print(f"{ahead / after:.2f} times as many")


def candidates_a_minute(prepare_ahead: bool) -> float:
    config = SearchConfig(
        evaluator="benchmarks.prepare_ahead:WaitingEvaluator",
        evolution=EvolutionConfig(num_evaluations=NUM_CANDIDATES),
        workers=WorkersConfig(prepare_ahead=prepare_ahead),
    )
    engine = LocalEngine(
        config.evaluator,
        config_to_document(config),
        find_devices=lambda: [Device("cpu", (0,))],
        workers=config.workers,
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        open_search(folder, config) as archive,
    ):
        evolve(config, archive=archive, engine=engine)
        return 60.0 * NUM_CANDIDATES / seconds(archive)


def seconds(archive: Archive) -> float:
    """Returns the time from the first submission to the last end."""
    first, *_ = archive.events(kind="submitted")
    *_, last = archive.events(kind="finished")
    return float(last["time"] - first["time"])


if __name__ == "__main__":
    main()
