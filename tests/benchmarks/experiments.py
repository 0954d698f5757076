"""Toy trainings, and toy children, for the experiment on searches."""

import subprocess

from benchmarks.quality import searches
from benchmarks.quality import setting as settings
from benchmarks.quality.budget import Budget
from benchmarks.quality.rows import ROWS
from benchmarks.quality.table import TABLE_NAME, Found, Table, Training

BUDGET = Budget(
    num_individuals=20, initial_population=6, num_tests=2, num_repeats=3
)
SETTING = settings.present(BUDGET)


class ToyTrainings:
    """Fills the table at once.

    Attributes:
        asked: Digests and repeats, in order.
    """

    def __init__(self, table):
        self._table = table
        self.asked = []

    def train(self, genotype, digest, part, repeats):
        assert part == "validation"
        for repeat in repeats:
            self.asked.append((digest, repeat))
            # Of the digest alone: equal networks train alike.
            reached = {s: accuracy_of(digest, repeat, s) for s in BUDGET.shares}
            found = Found(reached, building=2.0, training=1.0)
            self._table.add(Training(digest, part, repeat), found)

    def test(self, digest):
        for repeat in range(1, BUDGET.num_tests + 1):
            reached = accuracy_of(digest, repeat, 1.0)
            found = Found({1.0: reached}, building=2.0, training=1.0)
            self._table.add(Training(digest, "test", repeat), found)


def accuracy_of(digest, repeat, share):
    good = int(digest[:6], 16) / 16**6
    noise = int(digest[6 + 2 * repeat : 8 + 2 * repeat], 16) / 256
    return share * (0.9 * good + 0.1 * noise)


def open_table(tmp_path):
    return Table(tmp_path / "table.jsonl", BUDGET.describe())


def run(tmp_path, row, seed=1):
    table = open_table(tmp_path)
    trainings = ToyTrainings(table)
    return searches.run(ROWS[row], seed, BUDGET, table, trainings), trainings


def run_in(experiment, search):
    """Runs a search with toy trainings, and notes what it came to."""
    trainings = ToyTrainings(experiment.table)
    found = searches.run(
        ROWS[search.row], search.seed, BUDGET, experiment.table, trainings
    )
    experiment.add(search, as_of_a_child(found, trainings, search.seed))
    return found, trainings


def as_of_a_child(found, trainings, seed):
    """Adds to what a search came to what its process and its parent do."""
    for winner in found["winners"]:
        trainings.test(winner["digest"])
        winner["test_error"] = 100 * (1 - winner["fitness"])
    return {**found, "began": 10.0 * seed, "ended": 10.0 * seed + 15}


class Children:
    """Takes the place of processes, each of which has a table of its own.

    Attributes:
        asked: For which searches.
        search_code: By which they say that they searched.
    """

    def __init__(self, failing=(), search_code=SETTING.search_code):
        self.asked = []
        self.search_code = search_code
        self._failing = failing

    def __call__(self, search, folder, budget):
        self.asked.append(search)
        if search in self._failing:
            raise subprocess.CalledProcessError(1, "child")
        table = Table(folder / TABLE_NAME, SETTING.trainings)
        trainings = ToyTrainings(table)
        found = searches.run(
            ROWS[search.row], search.seed, budget, table, trainings
        )
        found = as_of_a_child(found, trainings, search.seed)
        return {**found, "search_code": self.search_code}
