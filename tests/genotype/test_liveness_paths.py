"""Live edges against all paths, enumerated one by one."""

from hypothesis import given

from hnas_tf.genotype import can_be_assembled, live_edges
from tests.genotype.samples import REPEATABLE, genotypes


def paths_to(target, operations):
    """Yields every path of edges from node 1 to `target`, as tuples."""
    if target == 1:
        yield ()
    for source in range(1, target):
        if operations.get((source, target)) is not None:
            for path in paths_to(source, operations):
                yield (*path, (source, target))


def live_by_enumeration(genotype):
    levels = []
    for motifs in genotype.motifs:
        of_level = []
        for motif in motifs:
            operations = {
                (source, target): operation
                for target, row in enumerate(motif.rows, start=2)
                for source, operation in enumerate(row, start=1)
                if not (levels and operation and not levels[-1][operation - 1])
            }
            of_level.append(
                {
                    edge
                    for path in paths_to(motif.num_nodes, operations)
                    for edge in path
                }
            )
        levels.append(of_level)
    return levels


@given(genotypes())
@REPEATABLE
def test_live_edges_are_those_of_all_paths(genotype):
    found = [
        [{(edge.source, edge.target) for edge in live} for live in of_level]
        for of_level in live_edges(genotype)
    ]
    assert found == live_by_enumeration(genotype)


@given(genotypes())
@REPEATABLE
def test_live_edges_carry_the_genotypes_operations_in_its_order(genotype):
    for motifs, of_level in zip(
        genotype.motifs, live_edges(genotype), strict=True
    ):
        for motif, live in zip(motifs, of_level, strict=True):
            alive = set(live)
            assert list(live) == [e for e in motif.edges() if e in alive]


@given(genotypes())
@REPEATABLE
def test_a_genotype_can_be_assembled_when_a_path_crosses_its_cell(genotype):
    crosses = bool(live_by_enumeration(genotype)[-1][0])
    assert can_be_assembled(genotype) == crosses
