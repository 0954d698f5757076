"""The sizes of a space of genotypes; the paper's two are instances."""

from dataclasses import dataclass
from typing import NamedTuple

from hnas_tf.errors import InvalidError
from hnas_tf.genotype.genotype import (
    MAX_EDGES,
    MAX_LEVELS,
    MAX_MOTIFS,
    Genotype,
)
from hnas_tf.genotype.motif import MAX_NODES


class LevelSize(NamedTuple):
    """How many motifs a level has, and of how many nodes each."""

    num_motifs: int
    num_nodes: int


@dataclass(frozen=True)
class SearchSpace:
    """The sizes of the levels from 2 upwards; the last is the cell's.

    >>> HIERARCHICAL.num_edges, FLAT.num_edges
    (46, 55)

    Raises:
        InvalidError: if a size is out of range or the top has several motifs.
    """

    levels: tuple[LevelSize, ...]

    def __post_init__(self) -> None:
        """Checks the sizes."""
        if not 1 <= len(self.levels) < MAX_LEVELS or any(
            not (1 <= size.num_motifs <= MAX_MOTIFS)
            or not (2 <= size.num_nodes <= MAX_NODES)
            for size in self.levels
        ):
            raise InvalidError(
                f"A search space must have 1 to {MAX_LEVELS - 1} levels of "
                f"1 to {MAX_MOTIFS} motifs of 2 to {MAX_NODES} nodes. "
                f"Received: {self._in_words()}"
            )
        if self.levels[-1].num_motifs != 1:
            raise InvalidError(
                "The top level of a search space must have exactly one motif. "
                f"Received: {self._in_words()}"
            )
        if self.num_edges > MAX_EDGES:
            raise InvalidError(
                f"A search space must have at most {MAX_EDGES} edges. "
                f"Received: {self._in_words()}, which is {self.num_edges}"
            )

    @property
    def num_edges(self) -> int:
        """The number of edges that a mutation may alter."""
        return sum(m * n * (n - 1) // 2 for m, n in self.levels)

    def contains(self, genotype: Genotype) -> bool:
        """Returns whether the genotype has the sizes of this space."""
        return len(genotype.motifs) == len(self.levels) and all(
            len(motifs) == size.num_motifs
            and all(motif.num_nodes == size.num_nodes for motif in motifs)
            for motifs, size in zip(genotype.motifs, self.levels, strict=True)
        )

    def _in_words(self) -> str:
        sizes = (f"{m} motifs of {n} nodes" for m, n in self.levels)
        return ", then ".join(sizes) or "no levels"


HIERARCHICAL = SearchSpace((LevelSize(6, 4), LevelSize(1, 5)))
FLAT = SearchSpace((LevelSize(1, 11),))
