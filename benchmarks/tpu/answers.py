"""What the compiler answers, and where it did."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.candidates.machine import digest_of_hnas_tf
from benchmarks.candidates.results import Found, Results
from benchmarks.tpu.questions import Question
from hnas_tf.tpu import hlo, traffic
from hnas_tf.tpu.checked import Checked
from hnas_tf.tpu.verdict import (
    Verdict,
    verdict_from_document,
    verdict_to_document,
)

TIMEOUT_SECONDS = 3600.0
ALONE = "1 at a time"
"""How a machine ends that compiles one program after another."""
PROGRAM = "program"
"""Of what is noted: the digest of what was compiled."""
COUNTING = "counting"
"""Of what is noted: the digest of the code that counted what is moved."""
_MACHINE = "machine"


class Answer(NamedTuple):
    """What is known of a network.

    Attributes:
        question: What was asked.
        checked: What the compiler says.
        machines: That compiled its steps.
    """

    question: Question
    checked: Checked
    machines: tuple[str, ...]

    @property
    def was_alone(self) -> bool:
        """Whether every step was compiled with nothing beside it."""
        return all(name.endswith(f", {ALONE}") for name in self.machines)


def noted(verdict: Verdict, machine: str, program: str) -> dict[str, Any]:
    """Returns an answer as it is kept: JSON values.

    Args:
        verdict: Of the compiler.
        machine: That compiled, and how many programs at a time.
        program: The digest of what it compiled.
    """
    document = verdict_to_document(verdict)
    its = {_MACHINE: machine, PROGRAM: program, COUNTING: counting()}
    return {**document, **its}


@cache
def counting() -> str:
    """Returns the digest of the code that counts what a program moves."""
    modules = (hlo.__file__, traffic.__file__)
    return digest_of_hnas_tf((), *map(Path, modules))


def known(results: Results, key: dict[str, Any]) -> Found | None:
    """Returns what was noted, if it was counted as today."""
    found = results.get(key)
    return found if found and found[COUNTING] == counting() else None


def read(found: dict[str, Any]) -> tuple[Verdict, str]:
    """Returns a verdict that was noted, and the machine."""
    document = {**found}
    machine = document.pop(_MACHINE)
    del document[PROGRAM], document[COUNTING]
    return verdict_from_document(document), machine
