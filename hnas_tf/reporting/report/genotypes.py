"""Genotypes as short strings, a letter for every edge that there could be."""

from hnas_tf.genotype import PRIMITIVES, Genotype, Operation, live_edges

_FIRST = ord("@")
_CODES = {name: code for code, name in enumerate(PRIMITIVES, start=1)}


def packed(genotype: Genotype) -> str:
    """Returns a letter for every edge, which says what it carries.

    Levels come from below, motifs by their number, edges by target and then
    source. The letter's place after `@`, halved, is the operation: 0 none, a
    primitive's place from 1, or a motif's number; an odd one is live.
    """
    return "".join(
        chr(_FIRST + 2 * code_of(operation) + ((source, target) in live))
        for motifs, of_level in zip(
            genotype.motifs, live_edges(genotype), strict=True
        )
        for motif, edges in zip(motifs, of_level, strict=True)
        for live in [{edge[:2] for edge in edges}]
        for target, row in enumerate(motif.rows, start=2)
        for source, operation in enumerate(row, start=1)
    )


def code_of(operation: Operation) -> int:
    """Returns the number by which the page knows what an edge carries."""
    if operation is None:
        return 0
    return operation if isinstance(operation, int) else _CODES[operation]
