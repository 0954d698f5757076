"""What a person may write where a genotype is wanted."""

from pathlib import Path

from hnas_tf.archive import Archive
from hnas_tf.errors import HnasError
from hnas_tf.genotype import Genotype, load_genotype


def genotypes_of(source: str, *, limit: int) -> list[Genotype]:
    """Returns what a source names: one genotype, or a search's fittest.

    Args:
        source: The workdir of a search; that and `#17`, for individual 17; a
            genotype's JSON file; or a name such as `liu2018`.
        limit: The most that are taken of a search.

    Raises:
        HnasError: if there is none; says why.
    """
    workdir, _, number = source.rpartition("#")
    if workdir and number.isdecimal():
        with Archive.open(workdir) as archive:
            return [archive.genotype(int(number))]
    if not Path(source).is_dir():
        return [load_genotype(source)]
    with Archive.open(source) as archive:
        found = [individual.genotype for individual in archive.fittest(limit)]
    if not found:
        raise HnasError(
            "Expected a search in which someone has a fitness. "
            f"Received: {source}, where no one has"
        )
    return found
