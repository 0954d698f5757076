"""One candidate timed, from its genotype to its evaluation."""

import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.candidates.workload import Workload

Wait = Callable[[], None]
"""Returns when all processes that are timed together have come so far."""

# Several steps a call: what our loop, which needs no Python in between, has.
_CHUNK = 5


class Candidate(Protocol):
    """A network in training.

    One that can begin another training without being built anew has a method
    `reset` as well.
    """

    def num_parameters(self) -> int:
        """Returns how many are trained."""

    def train(self, chunks: Iterator[int]) -> None:
        """Trains for so many steps, asks for the next number, and so on.

        The iterator reads the clock whenever it is asked.
        """

    def evaluate(self) -> None:
        """Finds the accuracy on all evaluation pictures."""

    def load(self, weights: dict[str, NDArray[np.float32]]) -> None:
        """Sets all variables; `weights.draw` says what they are called."""

    def logits(
        self, images: NDArray[np.float32], *, training: bool
    ) -> NDArray[np.float32]:
        """Returns what the network says of normalized images."""


class Program(Protocol):
    """A contender, with the pictures where it wants them."""

    def __init__(self, workload: Workload) -> None:
        """Brings the pictures there, once for all candidates."""

    def build(self, document: dict[str, Any]) -> Candidate:
        """Returns the candidate of a genotype and its plan, as JSON values."""


def measure(
    program: Program, document: dict[str, Any], workload: Workload, wait: Wait
) -> dict[str, float]:
    """Returns what was found, in seconds and pictures a second."""
    wait()
    start = time.perf_counter()
    candidate = program.build(document)
    found = {"build_seconds": time.perf_counter() - start}
    candidate.train(_first(found, start, workload.first_steps))
    candidate.train(_steady(found, workload, wait))
    found["parameters"] = candidate.num_parameters()
    _evaluation(found, candidate, workload, wait)
    _repeat(found, candidate)
    return found


def _first(
    found: dict[str, float], start: float, num_steps: int
) -> Iterator[int]:
    """Yields the first steps; notes when the first and the last end."""
    yield 1
    built = start + found["build_seconds"]
    found["first_call_seconds"] = time.perf_counter() - built
    yield num_steps - 1
    found["first_steps_seconds"] = time.perf_counter() - start


def _steady(
    found: dict[str, float], workload: Workload, wait: Wait
) -> Iterator[int]:
    """Yields steps until there are enough of them to know how long one is.

    The first belongs to the preparations: another call of `fit` starts its
    pipeline anew.
    """
    yield 1
    wait()
    steps, start = 0, time.perf_counter()
    chunk = min(_CHUNK, workload.min_steps)
    while (
        steps < workload.min_steps
        or time.perf_counter() - start < workload.min_seconds
    ):
        yield chunk
        steps += chunk
    found["step_seconds"] = (time.perf_counter() - start) / steps
    found["images_per_second"] = workload.batch_size / found["step_seconds"]


def _evaluation(
    found: dict[str, float],
    candidate: Candidate,
    workload: Workload,
    wait: Wait,
) -> None:
    """Times evaluations; the first, which prepares others, by itself."""
    start = time.perf_counter()
    candidate.evaluate()
    found["first_evaluation_seconds"] = time.perf_counter() - start
    wait()
    times, start = 0, time.perf_counter()
    while (
        not times
        or time.perf_counter() - start < workload.min_evaluation_seconds
    ):
        candidate.evaluate()
        times += 1
    seconds = (time.perf_counter() - start) / times
    pictures = workload.num_evaluation_batches * workload.batch_size
    found["evaluated_per_second"] = pictures / seconds


def _repeat(found: dict[str, float], candidate: Candidate) -> None:
    reset = getattr(candidate, "reset", None)
    if reset is None:
        return
    start = time.perf_counter()
    reset()
    found["reset_seconds"] = time.perf_counter() - start
