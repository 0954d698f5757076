"""The run `search`: figures, the best genotypes, failures, what was typed."""

import time
from collections.abc import Mapping
from pathlib import Path

from hnas_tf.archive import Archive, Happening
from hnas_tf.genotype import Genotype, genotype_to_json
from hnas_tf.reporting import failures, hparams
from hnas_tf.reporting.best import picture_of
from hnas_tf.reporting.event_file import EventFile, as_code
from hnas_tf.reporting.search_scalars import SearchScalars

# A tag of a run is either a picture's or a text's.
_PICTURE_TAG, _GENOTYPE_TAG = "best/picture", "best/genotype"


class SearchRun:
    """Writes what TensorBoard shows of a search as a whole.

    Steps are evaluated individuals.
    """

    def __init__(self, folder: Path, texts: Mapping[str, str]) -> None:
        """Opens the file, and writes what is known of a search beforehand.

        Args:
            folder: Of the run.
            texts: What Text shows of the search, by tag.
        """
        self._file = EventFile(folder)
        self._scalars = SearchScalars()
        self._best_since = (0, 0.0)
        now = time.time()
        for tag, text in texts.items():
            self._file.text(tag, as_code(text), step=0, wall_time=now)
        self._file.summary(hparams.experiment(), step=0, wall_time=now)

    @property
    def best(self) -> Happening | None:
        """The event that brought the fittest individual, if any has yet."""
        return self._scalars.best

    def tell(self, event: Happening, archive: Archive) -> None:
        """Takes the next event of the search."""
        best, figures = self.best, self._scalars.tell(event)
        if not figures:
            return
        step, time = self._scalars.num_evaluated, event.time
        self._file.scalars(figures, step=step, wall_time=time)
        if event.kind == "failed":
            *_, failed = archive.events(
                kind="failed", individual=event.individual
            )
            text = as_code(failures.in_words(failed))
            self._file.text("failures", text, step=step, wall_time=time)
        if self.best is not best:
            self._best_since = step, time
            genotype = archive.genotype(event.individual)
            # A row a line.
            json = genotype_to_json(genotype).replace("],[", "],\n[")
            text = _in_words(event) + as_code(json)
            self._file.text(_GENOTYPE_TAG, text, step=step, wall_time=time)

    def draw_best(self, genotype: Genotype) -> None:
        """Writes the picture of the best genotype, at the step it came."""
        step, time = self._best_since
        picture = picture_of(genotype)
        self._file.image(_PICTURE_TAG, picture, step=step, wall_time=time)

    def flush(self) -> None:
        """Shows what was written so far."""
        self._file.flush()

    def close(self) -> None:
        """Ends the file."""
        self._file.close()


def _in_words(best: Happening) -> str:
    return (
        f"Individual {best.individual}: fitness {best.fitness:.4f}, "
        f"{best.parameters:,} parameters.\n"
    )
