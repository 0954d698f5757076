"""The rows of the table: who searches where, and how often."""

from dataclasses import dataclass, field
from typing import Any

FEW, MANY = range(1, 6), range(1, 11)
FRACTIONS = (1.0, 1 / 3, 1 / 5)
"""Of the steps, where savings are to reach what takes others all of them."""

ALL_SAVINGS = {
    "reuse_fitness": True,
    "early_stop": True,
    "adaptive_repeats": True,
}


@dataclass(frozen=True)
class Row:
    """One way to search.

    Attributes:
        representation: `flat` or `hierarchical`.
        algorithm: That of the search.
        seeds: Of its searches; pairs of rows share them.
        savings: What is saved.
        is_single: Whether the first genotype is taken as it is.
        fractions: Of the steps, after which the winner so far is trained anew.
    """

    representation: str
    algorithm: str
    seeds: range = FEW
    savings: dict[str, Any] = field(default_factory=dict)
    is_single: bool = False
    fractions: tuple[float, ...] = (1.0,)


ROWS = {
    "flat, random architecture": Row("flat", "random", is_single=True),
    "flat, random search": Row("flat", "random"),
    "flat, evolution": Row("flat", "evolution"),
    "hierarchical, random architecture": Row(
        "hierarchical", "random", MANY, is_single=True
    ),
    "hierarchical, random search": Row("hierarchical", "random"),
    "hierarchical, evolution": Row(
        "hierarchical", "evolution", MANY, fractions=FRACTIONS
    ),
    "hierarchical, aging": Row("hierarchical", "aging"),
    "hierarchical, evolution, reuse": Row(
        "hierarchical", "evolution", FEW, {"reuse_fitness": True}
    ),
    "hierarchical, evolution, all savings": Row(
        "hierarchical", "evolution", MANY, ALL_SAVINGS, fractions=FRACTIONS
    ),
}
PLAIN = "hierarchical, evolution"
REUSE = "hierarchical, evolution, reuse"
SAVING = "hierarchical, evolution, all savings"
