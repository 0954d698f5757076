"""What the compiler answers, and where it did."""

from typing import Any, NamedTuple

from benchmarks.tpu.questions import Question
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
_MACHINE = "machine"


class Answer(NamedTuple):
    """What is known of a network.

    Attributes:
        question: What was asked.
        checked: What the compiler says.
        machine: That compiled the step that trains.
    """

    question: Question
    checked: Checked
    machine: str


def noted(verdict: Verdict, machine: str, program: str) -> dict[str, Any]:
    """Returns an answer as it is kept: JSON values.

    Args:
        verdict: Of the compiler.
        machine: That compiled, and how many programs at a time.
        program: The digest of what it compiled.
    """
    document = verdict_to_document(verdict)
    return {**document, _MACHINE: machine, PROGRAM: program}


def read(found: dict[str, Any]) -> tuple[Verdict, str]:
    """Returns a verdict that was noted, and the machine."""
    document = {**found}
    machine = document.pop(_MACHINE)
    del document[PROGRAM]
    return verdict_from_document(document), machine
