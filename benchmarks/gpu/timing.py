"""One candidate timed on a GPU, from what is compiled to its evaluation."""

import contextlib
import fcntl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.candidates.workload import Workload

NUM_COMPARED = 8
"""Pictures whose logits are noted, to be compared."""

_WARM_UP = 10
_NUM_CHUNKS = 7
_NUM_EVALUATIONS = 5
_CHUNK_SECONDS = 0.3


class Candidate(Protocol):
    """A network in training on a GPU.

    Whatever it is asked for has been computed when it answers.
    """

    def say(self) -> NDArray[np.float32]:
        """Returns the logits of a batch of evaluation pictures."""

    def num_parameters(self) -> int:
        """Returns how many are trained."""

    def train(self, chunks: Iterator[int]) -> None:
        """Trains for so many steps, waits, asks for the next number, ..."""

    def evaluate(self) -> None:
        """Finds the accuracy on all evaluation pictures."""

    def loss(self) -> float:
        """Returns that of the last step."""

    def facts(self) -> dict[str, float]:
        """Returns what else is known, of memory say, in bytes."""


def measure(
    build: Callable[[], Candidate], workload: Workload, turn: Path | None = None
) -> dict[str, Any]:
    """Returns what was found, in seconds and pictures a second.

    Args:
        build: Makes the candidate.
        workload: What it does.
        turn: A file by which processes that measure at the same time know of
            each other: they prepare together, and are timed one by one.
    """
    found: dict[str, Any] = {}
    with _held(turn, fcntl.LOCK_SH):
        candidate = _prepared(build, found)
    with _held(turn, fcntl.LOCK_EX):
        seconds: list[float] = []
        candidate.train(_chunks(seconds))
        _note(found, "images_per_second", workload.batch_size, seconds)
        found["last_loss"] = candidate.loss()
        _evaluation(found, candidate, workload)
    found["parameters"] = candidate.num_parameters()
    return {**found, **candidate.facts()}


@contextlib.contextmanager
def _held(turn: Path | None, how: int) -> Iterator[None]:
    if turn is None:
        yield
        return
    with turn.open("a") as file:
        fcntl.flock(file, how)
        yield


def _prepared(
    build: Callable[[], Candidate], found: dict[str, Any]
) -> Candidate:
    """Returns a candidate that has done everything once."""
    start = time.perf_counter()
    candidate = build()
    found["build_seconds"] = time.perf_counter() - start
    start = time.perf_counter()
    found["logits"] = candidate.say()[:NUM_COMPARED].tolist()
    found["first_evaluation_seconds"] = time.perf_counter() - start
    start = time.perf_counter()
    candidate.train(iter([1]))
    found["first_call_seconds"] = time.perf_counter() - start
    found["first_loss"] = candidate.loss()
    candidate.evaluate()
    return candidate


def _chunks(seconds: list[float]) -> Iterator[int]:
    """Yields numbers of steps; notes how long a step of each took."""
    yield _WARM_UP
    start = time.perf_counter()
    yield _WARM_UP
    step = (time.perf_counter() - start) / _WARM_UP
    chunk = max(1, round(_CHUNK_SECONDS / step))
    for _ in range(_NUM_CHUNKS):
        start = time.perf_counter()
        yield chunk
        seconds.append((time.perf_counter() - start) / chunk)


def _evaluation(
    found: dict[str, Any], candidate: Candidate, workload: Workload
) -> None:
    seconds = []
    for _ in range(_NUM_EVALUATIONS):
        start = time.perf_counter()
        candidate.evaluate()
        seconds.append(time.perf_counter() - start)
    pictures = workload.num_evaluation_batches * workload.batch_size
    _note(found, "evaluated_per_second", pictures, seconds)


def _note(
    found: dict[str, Any], name: str, number: int, seconds: list[float]
) -> None:
    found[name] = number / median(seconds)
    found[f"least_{name}"] = number / max(seconds)
    found[f"most_{name}"] = number / min(seconds)
