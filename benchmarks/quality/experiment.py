"""All searches: which there are, which have ended, what they came to."""

import bisect
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.candidates.results import Results
from benchmarks.quality.rows import ROWS
from benchmarks.quality.setting import RESULTS_NAME, Setting
from benchmarks.quality.table import TABLE_NAME, Table

Found = dict[str, Any]


class Search(NamedTuple):
    """A search of a row."""

    row: str
    seed: int


CALIBRATION = [
    Search(f"{representation}, random search", seed)
    for seed in (1, 2)
    for representation in ("flat", "hierarchical")
]
"""Before all others: do candidates differ beyond chance?"""


_ROUNDS = (2, 5, 7)
"""The last seeds of rounds through the rows; each is of several seeds."""


def all_searches() -> list[Search]:
    """Returns all of them, the calibration first.

    Then those of low seeds, in every row. Neighbours have different seeds: of
    one seed they begin with the same networks, and two processes would train
    these at the same time.
    """
    rows = list(ROWS)
    found = [Search(name, seed) for name in rows for seed in ROWS[name].seeds]
    return sorted(
        found,
        key=lambda one: (
            one not in CALIBRATION,
            bisect.bisect_left(_ROUNDS, one.seed),
            rows.index(one.row),
        ),
    )


class Experiment:
    """What has been found, and what is missing.

    Attributes:
        setting: What it is of.
        budget: Of every search.
        table: Of trainings.
    """

    def __init__(self, folder: Path, setting: Setting) -> None:
        """Reads what is in a folder, if anything.

        Raises:
            InvalidError: if its trainings are of another setting.
        """
        self.setting = setting
        self.budget = setting.budget
        self.table = Table(folder / TABLE_NAME, setting.trainings)
        self._results = Results(folder / RESULTS_NAME)

    def found(self) -> dict[Search, Found]:
        """Returns the searches that have ended."""
        pairs = (
            (search, self._results.get(self.setting.key(*search)))
            for search in all_searches()
        )
        return {search: found for search, found in pairs if found}

    def missing(self) -> Iterator[Search]:
        """Yields the searches that have not ended."""
        for search in all_searches():
            if not self._results.get(self.setting.key(*search)):
                yield search

    def add(self, search: Search, found: Found) -> None:
        """Notes what a search came to."""
        self._results.add(self.setting.key(*search), found)
