"""Everyone who reads what may be a stranger's, and what may come of it."""

import signal
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings

from hnas_tf.errors import HnasError
from tests.fuzzing import (
    of_commands,
    of_exports,
    of_pictures,
    of_searches,
    of_trainings,
)
from tests.fuzzing.case import Case

MOST_SECONDS = 60
"""Whoever takes longer hangs."""


class Reader(NamedTuple):
    """A reader, and how many inputs it gets.

    Attributes:
        case: Makes its case in an empty folder.
        few: How many inputs take a second or two.
        share: Of all inputs of a long run.
    """

    case: Callable[..., Case]
    few: int
    share: float


READERS = {
    reader.case.__name__: reader
    for reader in (
        Reader(of_searches.genotype, 200, 0.24),
        Reader(of_searches.search_config, 150, 0.12),
        Reader(of_searches.archive_bytes, 150, 0.12),
        Reader(of_searches.archive_rows, 50, 0.08),
        Reader(of_searches.search_that_goes_on, 40, 0.02),
        Reader(of_trainings.final_workdir, 150, 0.1),
        Reader(of_trainings.weights, 40, 0.03),
        Reader(of_trainings.trained_network, 10, 0.003),
        Reader(of_exports.export_document, 300, 0.08),
        Reader(of_exports.export_answers, 200, 0.07),
        Reader(of_exports.server_answer, 100, 0.03),
        Reader(of_pictures.npz, 200, 0.07),
        Reader(of_pictures.prepared_pictures, 100, 0.03),
        Reader(of_pictures.tfds, 8, 0.005),
        Reader(of_pictures.photographs, 15, 0.007),
        Reader(of_commands.flagfile, 150, 0.02),
    )
}


class HangError(BaseException):
    """A reader does not come to its end."""


def read_spoilt(name, folder, number, *, derandomize=False, before=None):
    """Has a reader read spoilt inputs; counts how many it read, or refused.

    Whatever else comes of it than an error of ours is raised.

    Args:
        name: Of the reader.
        folder: An empty one.
        number: Of inputs.
        derandomize: Whether they are the same every time.
        before: Is told of each before it is read.
    """
    sound, inputs, read = READERS[name].case(folder)
    assert _outcome(read, sound) == "read"
    outcomes = Counter()

    @settings(
        max_examples=number,
        derandomize=derandomize,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs)
    def check(spoilt):
        if before is not None:
            before(spoilt)
        outcomes[_outcome(read, spoilt)] += 1

    check()
    return outcomes


def _outcome(read, content):
    previous = signal.signal(signal.SIGALRM, _hang)
    signal.alarm(MOST_SECONDS)
    try:
        read(content)
    except HnasError as error:
        assert "\x1b" not in str(error)
        return "refused"
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
    return "read"


def _hang(number, frame):
    raise HangError
