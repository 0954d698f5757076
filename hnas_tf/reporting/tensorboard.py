"""A search in TensorBoard: as a whole, its best network, some candidates."""

import shlex
import shutil
from pathlib import Path

from hnas_tf.archive import (
    CONFIG_NAME,
    TENSORBOARD_DIR,
    Archive,
    read_config,
)
from hnas_tf.config import NetworkConfig
from hnas_tf.evolution import Individual
from hnas_tf.plan import make_plan
from hnas_tf.reporting.candidate_run import write_candidate
from hnas_tf.reporting.event_file import EventFile
from hnas_tf.reporting.graph import graph_of
from hnas_tf.reporting.search_run import SearchRun
from hnas_tf.reporting.shown import ShownCandidates

SEARCH_RUN = "search"
BEST_DIR = "best"
CANDIDATES_DIR = "candidates"


class TensorBoard:
    """Writes the runs of a search below `tensorboard` of its workdir.

    `search` is the search as a whole, `best/NUMBER` the graph of the best
    network, `candidates/NUMBER` the curves and hyperparameters of one of the
    best or the latest. The archive is the truth: all of them are written anew
    from it when a search goes on.
    """

    _network: NetworkConfig
    _search: SearchRun

    def __init__(
        self,
        workdir: Path,
        *,
        command: str = "",
        max_candidates: int = 30,
    ) -> None:
        """Writes nothing yet.

        Args:
            workdir: Of the search.
            command: What to type so that the search goes on.
            max_candidates: The most candidates that are shown with a curve.
                Where there are more than 40 runs, those of final trainings
                included, TensorBoard selects none of them by itself.
        """
        self._config_path = workdir / CONFIG_NAME
        self._folder = workdir / TENSORBOARD_DIR
        self._command = command
        self._shown = ShownCandidates(max_candidates)
        self._last_event = 0

    def begin(self, archive: Archive) -> None:
        """Writes what the archive holds."""
        for name in (SEARCH_RUN, BEST_DIR, CANDIDATES_DIR):
            shutil.rmtree(self._folder / name, ignore_errors=True)
        self._network = read_config(self._config_path).network
        texts = {"search/configuration": self._config_path.read_text("utf-8")}
        if self._command:
            texts["search/command_to_go_on"] = _in_lines(self._command)
        self._search = SearchRun(self._folder / SEARCH_RUN, texts)
        self._follow(archive)

    def settled(self, individual: Individual, archive: Archive) -> None:
        """Adds what has happened."""
        del individual
        self._follow(archive)

    def end(self, archive: Archive) -> None:
        """Adds what has happened, and closes the file of the search."""
        self._follow(archive)
        self._search.close()

    def _follow(self, archive: Archive) -> None:
        """Writes what has happened since the archive was last looked at.

        Several may have become the best: only the last of them is drawn.
        """
        best, shown = self._search.best, self._shown.numbers()
        for event in archive.happenings(after=self._last_event):
            self._last_event = event.number
            self._search.tell(event, archive)
            # Who took the fitness of another has no curve.
            if event.kind == "finished":
                self._shown.add(event.individual, event.rank)
        now_best, now_shown = self._search.best, self._shown.numbers()
        if now_best is not None and now_best is not best:
            self._show_best(now_best.individual, archive)
        for number in shown - now_shown:
            shutil.rmtree(self._candidate(number), ignore_errors=True)
        for number in now_shown - shown:
            folder = self._candidate(number)
            write_candidate(folder, number, archive, self._network)
        self._search.flush()

    def _show_best(self, number: int, archive: Archive) -> None:
        """Draws the best genotype, and replaces the graph of the last one."""
        genotype = archive.genotype(number)
        self._search.draw_best(genotype)
        graph = graph_of(make_plan(genotype, self._network))
        shutil.rmtree(self._folder / BEST_DIR, ignore_errors=True)
        if graph is not None:
            file = EventFile(self._folder / BEST_DIR / f"{number:06d}")
            file.graph(graph)
            file.close()

    def _candidate(self, number: int) -> Path:
        return self._folder / CANDIDATES_DIR / f"{number:06d}"


def _in_lines(command: str) -> str:
    """Returns a command with a line for every flag; typed, it does the same."""
    parts = (
        (" \\\n    " if word.startswith("--") else " ") + shlex.quote(word)
        for word in shlex.split(command)
    )
    return "".join(parts).strip()
