"""Whether all contenders compute the same function."""

from collections.abc import Mapping

import numpy as np

from benchmarks.candidates.results import ERROR, Found

TOLERANCE = 1e-3
"""Of a difference, relative to the largest logit."""

_MODES = ("inference", "training")
_Logits = list[list[float]]


class UnequalError(Exception):
    """Two networks that should be the same are not."""


def require_equal(said: Mapping[str, Found], genotype: str) -> float:
    """Returns the largest relative difference from the first one's logits.

    Args:
        said: What every contender's network has, and says, with equal weights.
        genotype: Of these networks.

    Raises:
        UnequalError: if numbers of parameters differ, or logits do, or if one
            failed.
    """
    for name, found in said.items():
        if ERROR in found:
            raise UnequalError(f"{genotype}: {name} failed, {found[ERROR]}")
    reference, *others = said
    own = said[reference]
    for name in others:
        if said[name]["parameters"] != own["parameters"]:
            raise UnequalError(
                f"{genotype}: {reference} has {own['parameters']:,} "
                f"parameters, {name} {said[name]['parameters']:,}"
            )
    return max(
        (
            _difference(
                f"{genotype}: {name} in {mode}", own[mode], said[name][mode]
            )
            for name in others
            for mode in _MODES
        ),
        default=0.0,
    )


def _difference(what: str, own: _Logits, other: _Logits) -> float:
    """Returns how much logits differ, relative to the largest.

    Raises:
        UnequalError: if it is too much.
    """
    reference = np.array(own)
    found = np.abs(reference - other).max() / np.abs(reference).max()
    # Not-a-number is no agreement.
    if not found <= TOLERANCE:
        raise UnequalError(
            f"{what} says something else, by {found:.1e} of the largest logit"
        )
    return float(found)
