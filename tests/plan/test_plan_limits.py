"""Genotypes that cannot become a network."""

import pytest

from hnas_tf.config import NetworkConfig
from hnas_tf.errors import GenotypeError
from hnas_tf.genotype import Genotype, Motif
from hnas_tf.plan import make_plan, network_cost
from hnas_tf.plan.expansion import MAX_OPERATIONS
from tests.genotype.samples import chain, full


@pytest.mark.parametrize("motif", [chain, full])
def test_a_genotype_that_explodes_is_refused_instead_of_written_down(motif):
    # 64 nodes on 7 levels of motifs: 63**7 operations, or far more.
    level_2 = (motif("identity", 64),)
    higher = ((motif(1, 64),),) * 6
    words = f"at most {MAX_OPERATIONS} operations"
    with pytest.raises(GenotypeError, match=words):
        make_plan(Genotype((level_2, *higher)), NetworkConfig())


def test_too_many_cells_are_refused():
    flat = Genotype(((chain("identity", 2),),))
    config = NetworkConfig(cells_per_group=MAX_OPERATIONS)
    with pytest.raises(GenotypeError, match="Received: a genotype that needs"):
        make_plan(flat, config)


@pytest.mark.parametrize(
    "genotype",
    [
        Genotype(((Motif(((None,),)),),)),
        Genotype(((Motif((("conv_1x1",), (None, None))),),)),
        Genotype(((Motif(((None,),)),), (full(1, 5),))),
    ],
)
def test_a_cell_that_carries_nothing_has_no_plan_and_no_cost(genotype):
    words = r"a path from source to sink\. Received: a cell that carries"
    with pytest.raises(GenotypeError, match=words):
        make_plan(genotype, NetworkConfig())
    with pytest.raises(GenotypeError, match=words):
        network_cost(genotype)


def test_the_widest_flat_cell_is_counted_exactly():
    # Node i > 1 concatenates all before it: 1, 1, 2, 4, ... times the source.
    cost = network_cost(
        Genotype(((full("identity", 64),),)),
        image_size=1,
        num_channels=1,
        num_groups=1,
        num_classes=1,
    )
    width = 2**62
    stem, head = 27 + 2, 2
    assert cost.parameters == stem + (9 * width + width + 2) + head
