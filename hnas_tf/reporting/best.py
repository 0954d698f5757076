"""The best network so far, as files in the workdir."""

import functools
from pathlib import Path

from hnas_tf import files
from hnas_tf.archive import BEST_DIR, Archive
from hnas_tf.evolution import Individual
from hnas_tf.genotype import Genotype, save_genotype
from hnas_tf.reporting.drawing import draw

PICTURE_NAME = "genotype.png"
GENOTYPE_NAME = "genotype.json"


@functools.lru_cache(maxsize=1)
def picture_of(genotype: Genotype) -> bytes:
    """Returns the PNG of a genotype, drawn once for all who show the best."""
    return draw(genotype).png()


class BestFiles:
    """Keeps `best/` of a workdir: a picture, and then the genotype."""

    def __init__(self, workdir: Path) -> None:
        self._folder = workdir / BEST_DIR
        self._written: int | None = None

    def begin(self, archive: Archive) -> None:
        """Writes the best that the archive knows."""
        self._write(archive)

    def settled(self, individual: Individual, archive: Archive) -> None:
        """Writes the individual, if it is the best."""
        del individual
        self._write(archive)

    def end(self, archive: Archive) -> None:
        """Has nothing left to do: the files are up to date."""

    def _write(self, archive: Archive) -> None:
        for best in archive.fittest(1):
            if best.number != self._written:
                picture = picture_of(best.genotype)
                files.write_bytes(self._folder / PICTURE_NAME, picture)
                save_genotype(best.genotype, self._folder / GENOTYPE_NAME)
                self._written = best.number
