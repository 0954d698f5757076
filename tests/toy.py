"""Evaluators that need no TensorFlow: a fitness out of the genotype."""

import hashlib
import itertools
import math
import os
import pathlib
import subprocess
import time

from hnas_tf.engines import EvaluationError
from hnas_tf.events import NOT_FINITE, Finished, Progress
from hnas_tf.genotype import genotype_to_json


def fitness(genotype, repeat=1):
    """Returns a number in [0, 1) that looks random but is fixed."""
    text = f"{repeat}{genotype_to_json(genotype)}"
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def accuracy(genotype, repeat, share):
    """Returns that of a training which has come so far."""
    return share * fitness(genotype, repeat)


CURVE = ((1, 1.0), (2, 0.5))


def places(num_repeats, rungs=()):
    """Returns where a candidate asks: pairs of a repeat and a share."""
    repeats = range(1, num_repeats + 1)
    return tuple(itertools.product(repeats, (*rungs, 1.0)))


def pass_a_moment():
    time.sleep(float(os.environ.get("TOY_SECONDS", "0.3")))


class Clock:
    """Passes a second whenever somebody looks."""

    now = 0.0

    def __call__(self):
        self.now += 1.0
        return self.now


class ToyEvaluator:
    def __init__(self, config):
        self.facts = {"device": "cpu", "threads": 1, "precision": "exact"}
        training = config["training"]
        self._places = places(
            training["num_repeats"], training.get("rungs", ())
        )

    def prepare(self, task):
        return task.genotype

    def evaluate(self, task, prepared, ask):
        reached = {}
        for repeat, share in self._places:
            reached[repeat] = accuracy(prepared, repeat, share)
            about = (task.individual, task.attempt, repeat, share)
            if not ask(Progress(*about, reached[repeat], CURVE)):
                break
        accuracies = tuple(reached.values())
        seconds = {"training": 0.001}
        return Finished(task.individual, task.attempt, accuracies, seconds)


class SlowEvaluator(ToyEvaluator):
    """Takes a moment, so that something can be done to it meanwhile."""

    def evaluate(self, task, prepared, ask):
        pass_a_moment()
        return super().evaluate(task, prepared, ask)


class TroubledEvaluator(ToyEvaluator):
    """Fails in the way that the individual's number stands for."""

    def evaluate(self, task, prepared, ask):
        match task.individual:
            case 1:
                raise ValueError("the reason in words")
            case 2:
                raise EvaluationError(NOT_FINITE, "loss nan at step 3")
            case 3:
                raise MemoryError
            case 4:
                os._exit(7)
            case 5:
                print("asleep")
                time.sleep(600)
            case 6:
                print("noise on stdout")
            case 7 if task.attempt == 1:
                os.abort()
            case 8:
                return Finished(8, task.attempt + 1, (0.5,))
            case 9:
                ask(Progress(7, task.attempt, 1, 1.0, 0.5))
            case 10:
                return Finished(10, task.attempt, (0.5,), {"training": None})
            case 11:
                return Finished(11, task.attempt, (0.5,), {"training": {1j}})
            case 12:
                ask(Progress(12, task.attempt, 1, 1.0, math.nan))
            case 13:
                ask(Progress(13, task.attempt, 1, 1.0, 0.5))
                ask(Progress(13, task.attempt, 1, 1.0, 0.5))
            case 14:
                raise EvaluationError(NOT_FINITE, math.inf)
        return super().evaluate(task, prepared, ask)


class FailingEvaluator(ToyEvaluator):
    """Can evaluate nobody."""

    def evaluate(self, task, prepared, ask):
        raise EvaluationError(NOT_FINITE, "loss nan at step 3")


class PidEvaluator(ToyEvaluator):
    """Leaves a file named after its process for every candidate."""

    def evaluate(self, task, prepared, ask):
        folder = pathlib.Path(os.environ["TOY_PIDS"])
        (folder / f"{os.getpid()}-{task.individual}").touch()
        return super().evaluate(task, prepared, ask)


class Deserted(ToyEvaluator):
    """Starts a process that outlives it and keeps its pipes."""

    def __init__(self, config):
        super().__init__(config)
        sleeper = subprocess.Popen(["sleep", "600"], start_new_session=True)
        (pathlib.Path(os.environ["TOY_PIDS"]) / str(sleeper.pid)).touch()


class DeadOnArrival:
    def __init__(self, config):
        del config
        os._exit(3)


class NeverReady:
    def __init__(self, config):
        del config
        time.sleep(600)


class Unusable:
    def __init__(self, config):
        raise RuntimeError("no such accelerator")
