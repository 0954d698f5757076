"""Evaluates in a process of its own, and prints what happened as JSON.

    python -m tests.training.evaluations NAME ...

The number of threads can only be set before TensorFlow computes anything, so
the evaluator needs a fresh process.
"""

import atexit
import dataclasses
import functools
import itertools
import json
import shutil
import sys
import tempfile

from hnas_tf.config import DataConfig, SearchConfig, WorkersConfig
from hnas_tf.config.document import config_to_document
from hnas_tf.data.prepared import prepare
from hnas_tf.engines import EvaluationError, Task
from hnas_tf.engines.preparations import Preparations
from hnas_tf.events import to_document
from hnas_tf.training.evaluator import make_evaluator
from tests.networks.samples import flat
from tests.training.samples import NETWORK, TRAINING

CONFIG = SearchConfig(
    seed=3,
    network=dataclasses.replace(NETWORK, num_channels=2, num_groups=1),
    training=dataclasses.replace(
        TRAINING, num_steps=50, num_repeats=2, rungs=(0.3, 0.5)
    ),
    workers=WorkersConfig(threads_per_worker=1),
)
GENOTYPE = flat(("conv_1x1",), ("max_pool_3x3", "identity"))
DEAD = flat(("conv_1x1",), (None, None))


@functools.cache
def prepared_digits():
    """Returns the digits as a search's first child leaves them."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    data = DataConfig(prepared_dir=folder)
    description = prepare(dataclasses.asdict(data))
    return dataclasses.replace(data, fingerprint=description["fingerprint"])


def outcome(
    *,
    individual=4,
    attempt=1,
    genotype=GENOTYPE,
    stop_at=None,
    seed=3,
    **training,
):
    """Evaluates once; returns what was asked, and how it ended.

    The answer to the question number `stop_at` is to stop.
    """
    evaluator = evaluator_of(seed=seed, **training)
    asked = []

    def ask(progress):
        asked.append(to_document(progress))
        return len(asked) != stop_at

    found = {"facts": evaluator.facts, "asked": asked}
    try:
        task = Task(individual, attempt, genotype)
        finished = evaluator.evaluate(task, evaluator.prepare(task), ask)
        return {**found, "finished": to_document(finished)}
    except EvaluationError as error:
        return {**found, "reason": error.reason, "detail": error.detail}


def evaluator_of(*, seed=3, prepare_ahead=None, **training):
    config = dataclasses.replace(
        CONFIG,
        data=prepared_digits(),
        seed=seed,
        workers=dataclasses.replace(
            CONFIG.workers, prepare_ahead=prepare_ahead
        ),
        training=dataclasses.replace(CONFIG.training, **training),
    )
    document = json.loads(json.dumps(config_to_document(config)))
    return make_evaluator(document)


def prepared_ahead():
    """Evaluates individuals, each prepared while the one before it trains.

    The preparation of individual 6 fails. Needs a process of its own, since it
    has one thread more.
    """
    evaluator = evaluator_of(prepare_ahead=True)
    tasks = [
        Task(number, 1, DEAD if number == 6 else GENOTYPE)
        for number in (3, 4, 5, 6)
    ]
    preparations = Preparations(evaluator.prepare)
    found = []
    for task, following in itertools.zip_longest(tasks, tasks[1:]):
        try:
            prepared = preparations.take(task)
        except EvaluationError as error:
            found.append({"reason": error.reason})
            continue
        if following is not None:
            preparations.begin(following)
        finished = evaluator.evaluate(task, prepared, lambda progress: True)
        found.append(to_document(finished))
    return found


OUTCOMES = {
    "whole": lambda: outcome(),
    "again": lambda: outcome(attempt=2),
    "other_individual": lambda: outcome(individual=5),
    "other_seed": lambda: outcome(seed=4),
    "without_rungs": lambda: outcome(rungs=()),
    "stopped_at_rung_1": lambda: outcome(stop_at=1),
    "stopped_in_repeat_2": lambda: outcome(stop_at=5),
    "diverging": lambda: outcome(learning_rate=1e30),
    "dead": lambda: outcome(genotype=DEAD),
    "one_step": lambda: outcome(num_steps=1, num_repeats=1),
}

ALONE = {"prepared_ahead": prepared_ahead}

if __name__ == "__main__":
    known = OUTCOMES | ALONE
    print(json.dumps({name: known[name]() for name in sys.argv[1:]}))
