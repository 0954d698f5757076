"""What a search may begin with."""

from hnas_tf.archive import Archive
from hnas_tf.cli.genotype_sources import genotypes_of
from hnas_tf.plan import network_digest
from tests.evolve.trainings import config, search


def test_the_fittest_of_a_search_are_different_networks(tmp_path):
    its = config(reuse_fitness=True)
    search(tmp_path, its)
    with Archive.open(tmp_path) as archive:
        fittest = archive.fittest(20)
    assert any(one.equal_to for one in fittest)
    found = genotypes_of(str(tmp_path), limit=20)
    digests = [network_digest(one, its.network) for one in found]
    assert len(digests) == len(set(digests)) == 20
    assert digests[0] == fittest[0].digest
