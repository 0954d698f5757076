"""What a person may write where a genotype is wanted."""

import os
import re

from hnas_tf.archive import Archive
from hnas_tf.errors import HnasError
from hnas_tf.genotype import Genotype, load_genotype

_INDIVIDUAL = re.compile(r"(?P<workdir>.+)#(?P<number>[0-9]{1,18})")


def genotypes_of(source: str, *, limit: int) -> list[Genotype]:
    """Returns what a source names: one genotype, or a search's fittest.

    Args:
        source: The workdir of a search; that and `#17`, for individual 17; a
            genotype's JSON file; or a name such as `liu2018`.
        limit: The most that are taken of a search.

    Raises:
        HnasError: if there is none; says why.
    """
    if one := _INDIVIDUAL.fullmatch(source):
        with Archive.open(one["workdir"]) as archive:
            return [archive.genotype(int(one["number"]))]
    # Unlike Path's, it says no of a name that is too long.
    if not os.path.isdir(source):  # noqa: PTH112
        return [load_genotype(source)]
    with Archive.open(source) as archive:
        fittest = archive.fittest(limit, only_trained=True)
    found = [individual.genotype for individual in fittest]
    if not found:
        raise HnasError(
            "Expected a search in which someone has a fitness. "
            f"Received: {source}, where no one has"
        )
    return found
