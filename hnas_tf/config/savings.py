"""Which trainings a search saves, as the flags describe it."""

from dataclasses import dataclass

from hnas_tf.errors import require

EARLY_STOP_RUNGS = (0.25, 0.5)
"""Where candidates are judged, if nothing else is said."""


@dataclass(frozen=True)
class SavingsConfig:
    """Which trainings a search saves; all off: the paper to the letter.

    Attributes:
        reuse_fitness: Whether an individual whose network was trained before
            takes the fitness that was found then.
        early_stop: Whether a candidate is stopped at a rung of its first
            repeat, unless it is among the best that came so far.
        early_stop_fraction: The share of them that go on.
        adaptive_repeats: Whether the next repeat of a candidate is trained only
            while its mean could still matter for selection.
    """

    reuse_fitness: bool = True
    early_stop: bool = False
    early_stop_fraction: float = 0.5
    adaptive_repeats: bool = False

    def __post_init__(self) -> None:
        """Checks the ranges."""
        fraction = self.early_stop_fraction
        require(
            0 < fraction < 1, "early_stop_fraction", "lie in (0, 1)", fraction
        )

    def selects_by_fitness(self) -> bool:
        """Returns whether anything is saved on candidates of low fitness."""
        return self.early_stop or self.adaptive_repeats
