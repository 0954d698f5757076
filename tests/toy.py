"""An evaluator that needs no TensorFlow: a fitness out of the genotype."""

import hashlib
import os
import time

from hnas_tf.engines import Task
from hnas_tf.events import Finished, Progress
from hnas_tf.genotype import genotype_to_json


def fitness(genotype, repeat):
    """Returns a number in [0, 1) that is pseudo-random, but fixed."""
    text = f"{repeat}{genotype_to_json(genotype)}"
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


class ToyEvaluator:
    def __init__(self, config):
        self.facts = {"device": "toy", "threads": 1, "precision": "exact"}
        self._num_repeats = config["training"]["num_repeats"]

    def evaluate(self, task: Task, ask):
        accuracies = []
        for repeat in range(1, self._num_repeats + 1):
            accuracies.append(fitness(task.genotype, repeat))
            curve = ((1, 1.0), (2, 0.5))
            going_on = ask(
                Progress(
                    task.individual,
                    task.attempt,
                    repeat,
                    1.0,
                    accuracies[-1],
                    curve,
                )
            )
            if not going_on:
                break
        seconds = {"training": 0.001}
        return Finished(
            task.individual, task.attempt, tuple(accuracies), seconds
        )


def make_evaluator(config):
    return ToyEvaluator(config)


class SlowEvaluator(ToyEvaluator):
    """Takes a moment, so that something can be done to it meanwhile."""

    def evaluate(self, task, ask):
        time.sleep(float(os.environ.get("TOY_SECONDS", "0.05")))
        return super().evaluate(task, ask)


def make_slow_evaluator(config):
    return SlowEvaluator(config)
