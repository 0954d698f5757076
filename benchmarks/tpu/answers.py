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


def noted(verdict: Verdict, machine: str) -> dict[str, Any]:
    """Returns an answer as it is kept: JSON values.

    Args:
        verdict: Of the compiler.
        machine: That compiled, and how many programs at a time.
    """
    return {**verdict_to_document(verdict), _MACHINE: machine}


def read(found: dict[str, Any]) -> tuple[Verdict, str]:
    """Returns what `noted` was given."""
    document = {k: v for k, v in found.items() if k != _MACHINE}
    return verdict_from_document(document), found[_MACHINE]
