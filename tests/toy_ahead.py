"""Toy evaluators that are prepared ahead, and leave a file for what they do.

The files lie in the folder TOY_FILES, so that a child can wait for what itself
does in its other thread, and a test reads afterwards what was done where.
"""

import os
import pathlib
import threading
import time

from hnas_tf.engines import EvaluationError
from hnas_tf.events import CANNOT_BUILD
from tests import toy

BOUND_SECONDS = 60.0


def note(what, task):
    """Leaves a file that tells the process and the thread."""
    folder = pathlib.Path(os.environ["TOY_FILES"])
    thread = threading.current_thread() is threading.main_thread()
    name = f"{what}-{task.individual}-{task.attempt}"
    text = f"{os.getpid()} {'main' if thread else 'second'}\n"
    with (folder / name).open("a") as file:
        file.write(text)


def notes(folder, what, individual, attempt=1):
    """Returns the process and the thread of every time that it was done."""
    path = pathlib.Path(folder, f"{what}-{individual}-{attempt}")
    lines = path.read_text().splitlines() if path.exists() else []
    return [tuple(line.split()) for line in lines]


def wait_for_note(what, individual):
    """Waits until something has been done; fails if it never is."""
    folder = os.environ["TOY_FILES"]
    deadline = time.monotonic() + BOUND_SECONDS
    while not notes(folder, what, individual):
        assert time.monotonic() < deadline, f"no {what}-{individual}"
        time.sleep(0.005)


class NotingEvaluator(toy.ToyEvaluator):
    def prepare(self, task):
        note("prepared", task)
        return super().prepare(task)

    def evaluate(self, task, prepared, ask):
        note("evaluated", task)
        return super().evaluate(task, prepared, ask)


class OverlappingEvaluator(NotingEvaluator):
    """Its training only ends when the next individual has been prepared."""

    def evaluate(self, task, prepared, ask):
        if task.individual < int(os.environ["TOY_LAST"]):
            wait_for_note("prepared", task.individual + 1)
        return super().evaluate(task, prepared, ask)


class TroubledPreparation(NotingEvaluator):
    """Preparations fail in the way that the individual's number stands for.

    Only then do the trainings beside them end.
    """

    def prepare(self, task):
        prepared = super().prepare(task)
        match task.individual:
            case 1:
                raise ValueError("the reason in words")
            case 2:
                raise EvaluationError(CANNOT_BUILD, "nothing is carried")
            case 3:
                raise MemoryError("no room")
            case 4:
                os._exit(7)
        return prepared

    def evaluate(self, task, prepared, ask):
        if task.individual in (11, 12, 13):
            wait_for_note("prepared", task.individual - 10)
        elif task.individual == 14 and task.attempt == 1:
            time.sleep(BOUND_SECONDS)
        elif task.individual == 15:
            raise MemoryError("no room")
        return super().evaluate(task, prepared, ask)


class EndlessPreparation(NotingEvaluator):
    """The preparation of individual 2 does not end, at the first attempt."""

    def prepare(self, task):
        prepared = super().prepare(task)
        if (task.individual, task.attempt) == (2, 1):
            time.sleep(600)
        return prepared


class SlowNotingEvaluator(NotingEvaluator):
    """Takes a moment to prepare, and one before every question."""

    def prepare(self, task):
        toy.pass_a_moment()
        return super().prepare(task)

    def evaluate(self, task, prepared, ask):
        def ask_later(progress):
            toy.pass_a_moment()
            return ask(progress)

        return super().evaluate(task, prepared, ask_later)
