"""What is evolved: primitives, motifs, genotypes, and their JSON."""

from hnas_tf.genotype.codec import (
    genotype_from_json,
    genotype_to_json,
    load_genotype,
    save_genotype,
)
from hnas_tf.genotype.genotype import Genotype
from hnas_tf.genotype.liveness import can_be_assembled, live_edges
from hnas_tf.genotype.motif import Edge, Motif, Operation
from hnas_tf.genotype.primitives import IDENTITY, PRIMITIVES, Primitive
from hnas_tf.genotype.search_space import (
    FLAT,
    HIERARCHICAL,
    LevelSize,
    SearchSpace,
)

__all__ = [
    "FLAT",
    "HIERARCHICAL",
    "IDENTITY",
    "PRIMITIVES",
    "Edge",
    "Genotype",
    "LevelSize",
    "Motif",
    "Operation",
    "Primitive",
    "SearchSpace",
    "can_be_assembled",
    "genotype_from_json",
    "genotype_to_json",
    "live_edges",
    "load_genotype",
    "save_genotype",
]
