"""A genotype: the motifs of all levels (Section 2.2 of the paper)."""

from dataclasses import dataclass

from hnas_tf.errors import GenotypeError, shortened
from hnas_tf.genotype.motif import Motif, Operation
from hnas_tf.genotype.primitives import PRIMITIVES

MAX_LEVELS = 8
MAX_MOTIFS = 64
MAX_EDGES = 20_000

Level = tuple[Motif, ...]


@dataclass(frozen=True)
class Genotype:
    """Motifs of the levels 2 to L; the one motif of level L is the cell.

    A flat genotype has a single level. Motifs of a level are shared: every
    edge that names a motif uses the same graph, though not the same weights.

    >>> Genotype(((Motif((("conv_1x1",),)),),)).cell.num_nodes
    2

    Raises:
        GenotypeError: if a level is missing or empty, the top level has not
            exactly one motif, or an edge carries what its level does not have.
    """

    motifs: tuple[Level, ...]

    def __post_init__(self) -> None:
        """Checks the levels, and every operation against the level below."""
        _check_counts(self.motifs)
        for level in range(2, self.num_levels + 1):
            allowed = frozenset(self.operations(level))
            for number, motif in enumerate(self.level(level), start=1):
                if not all(allowed.issuperset(row) for row in motif.rows):
                    _refuse_operation(motif, level, number, allowed)

    @property
    def num_levels(self) -> int:
        """The number of levels, that of the primitives included."""
        return len(self.motifs) + 1

    @property
    def cell(self) -> Motif:
        """The motif of the top level."""
        return self.motifs[-1][0]

    def level(self, level: int) -> Level:
        """Returns the motifs of a level; `level` is at least 2."""
        return self.motifs[level - 2]

    def operations(self, level: int) -> tuple[Operation, ...]:
        """Returns what an edge of a motif of `level` may carry, none first."""
        if level == 2:
            return (None, *PRIMITIVES)
        return (None, *range(1, len(self.level(level - 1)) + 1))


def _check_counts(motifs: tuple[Level, ...]) -> None:
    if not 1 <= len(motifs) < MAX_LEVELS:
        raise GenotypeError(
            f"A genotype must have 1 to {MAX_LEVELS - 1} levels of motifs. "
            f"Received: {len(motifs)} levels"
        )
    for level, of_level in enumerate(motifs, start=2):
        if not 1 <= len(of_level) <= MAX_MOTIFS:
            raise GenotypeError(
                f"Level {level} must have 1 to {MAX_MOTIFS} motifs. "
                f"Received: {len(of_level)} motifs"
            )
    if len(motifs[-1]) != 1:
        raise GenotypeError(
            "The top level must have exactly one motif, the cell. "
            f"Received: {len(motifs[-1])} motifs"
        )
    num_edges = sum(
        motif.num_nodes * (motif.num_nodes - 1) // 2
        for of_level in motifs
        for motif in of_level
    )
    if num_edges > MAX_EDGES:
        raise GenotypeError(
            f"A genotype must have at most {MAX_EDGES} edges. "
            f"Received: {num_edges} edges"
        )


def _refuse_operation(
    motif: Motif, level: int, number: int, allowed: frozenset[Operation]
) -> None:
    wrong = next(e for e in motif.edges() if e.operation not in allowed)
    names = ", ".join(sorted(str(o) for o in allowed if o is not None))
    raise GenotypeError(
        f"Edge {wrong.source} -> {wrong.target} of motif {number} of level "
        f"{level} must carry none or one of: {names}. "
        f"Received: {shortened(wrong.operation)}"
    )
