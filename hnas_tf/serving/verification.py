"""Whether an export says what the trained network says."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hnas_tf.errors import HnasError
from hnas_tf.serving.answers import Answers
from hnas_tf.serving.stranger import Seen

PICTURES_PER_CHANGE = 1000
"""Of so many pictures one may change its class."""

_PROBABILITIES = ("probabilities", "scores")


@dataclass(frozen=True)
class Comparison:
    """What an export says, beside what the trained network says.

    Attributes:
        num_pictures: How many were shown.
        largest_difference: Of a probability.
        num_changed: Pictures whose class is another.
    """

    num_pictures: int
    largest_difference: float
    num_changed: int


def compare(probabilities: NDArray[np.float32], answers: Answers) -> Comparison:
    """Returns how far probabilities are from those of the trained network.

    Args:
        probabilities: Of an export, [pictures, classes].
        answers: The same pictures, and the trained network's.

    Raises:
        HnasError: if there are more or fewer than asked for.
    """
    if probabilities.shape != answers.probabilities.shape:
        raise HnasError(
            "Expected probabilities of pictures and classes, "
            f"{answers.probabilities.shape}. Received: {probabilities.shape}"
        )
    differences = np.abs(probabilities - answers.probabilities)
    changed = probabilities.argmax(axis=1) != answers.predictions
    return Comparison(
        len(answers.records), float(differences.max()), int(changed.sum())
    )


def compare_signatures(
    seen: Seen, name: str, answers: Answers
) -> dict[str, Comparison]:
    """Returns a comparison for every signature that was asked.

    Args:
        seen: What the export says.
        name: Under which the pictures were shown.
        answers: The pictures, and the trained network's answers.
    """
    return {
        signature: compare(values, answers)
        for (shown, signature, output), values in seen.outputs.items()
        if shown == name and output in _PROBABILITIES
    }


def require_close(comparisons: dict[str, Comparison], tolerance: float) -> None:
    """Checks that no probability is further off than that.

    Raises:
        HnasError: if one is.
    """
    for where, found in comparisons.items():
        # Not `>`, of which nothing that is no number is.
        if not found.largest_difference <= tolerance:
            raise HnasError(
                "Expected the probabilities of the trained network within "
                f"{tolerance:g}. Received: a difference of "
                f"{found.largest_difference:.3g} in {where}"
            )


def require_same_classes(comparison: Comparison, where: str) -> None:
    """Checks that next to no picture changes its class.

    Raises:
        HnasError: if more than one in a thousand does.
    """
    allowed = comparison.num_pictures // PICTURES_PER_CHANGE
    if comparison.num_changed > allowed:
        raise HnasError(
            "Expected the classes that the trained network sees. Received: "
            f"others for {comparison.num_changed} of "
            f"{comparison.num_pictures} pictures in {where}"
        )
