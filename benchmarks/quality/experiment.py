"""All searches: which there are, which have ended, what they came to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.candidates.results import Results
from benchmarks.quality.budget import Budget
from benchmarks.quality.rows import ROWS
from benchmarks.quality.table import TABLE_NAME, Table

Found = dict[str, Any]


class Search(NamedTuple):
    """A search of a row."""

    row: str
    seed: int


def all_searches() -> list[Search]:
    """Returns all of them; those of low seeds first, in every row."""
    found = [
        Search(name, seed) for name, row in ROWS.items() for seed in row.seeds
    ]
    return sorted(found, key=lambda one: one.seed)


def key_of(search: Search, budget: Budget) -> dict[str, Any]:
    """Returns what a search is found by."""
    return {**search._asdict(), "budget": budget.describe()}


class Experiment:
    """What has been found, and what is missing.

    Attributes:
        table: Of trainings.
    """

    def __init__(self, folder: Path, budget: Budget) -> None:
        """Reads what is in a folder, if anything."""
        self._budget = budget
        self._results = Results(folder / "search_quality.jsonl")
        self.table = Table(folder / TABLE_NAME, budget.describe())

    def found(self) -> dict[Search, Found]:
        """Returns the searches that have ended."""
        pairs = (
            (search, self._results.get(key_of(search, self._budget)))
            for search in all_searches()
        )
        return {search: found for search, found in pairs if found}

    def missing(self) -> Iterator[Search]:
        """Yields the searches that have not ended."""
        for search in all_searches():
            if not self._results.get(key_of(search, self._budget)):
                yield search

    def add(self, search: Search, found: Found) -> None:
        """Notes what a search came to."""
        self._results.add(key_of(search, self._budget), found)
