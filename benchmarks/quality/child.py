"""A process that runs one search, and trains its winners anew.

    python -m benchmarks.quality.child FOLDER ROW SEED BUDGET

BUDGET is JSON. What the search came to is printed as a line of JSON; trainings
that were missing in the folder's table are added to it on the way.
"""

import json
import sys
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.quality import searches
from benchmarks.quality.budget import Budget, from_document
from benchmarks.quality.rows import ROWS
from benchmarks.quality.setting import present
from benchmarks.quality.table import TABLE_NAME, Table
from benchmarks.quality.training import Trainings
from hnas_tf.genotype import genotype_from_json


def main() -> None:
    folder, row, seed, document = sys.argv[1:]
    budget = from_document(json.loads(document))
    setting = present(budget)
    table = Table(Path(folder) / TABLE_NAME, setting.trainings)
    found = run(row, int(seed), budget, table)
    print(json.dumps({**found, "search_code": setting.search_code}))


def run(row: str, seed: int, budget: Budget, table: Table) -> dict[str, Any]:
    """Returns what a search came to, as JSON values."""
    trainings = Trainings(budget, table)
    found = searches.run(ROWS[row], seed, budget, table, trainings)
    for winner in found["winners"]:
        reached = trainings.test_accuracies(
            genotype_from_json(winner["genotype"]), winner["digest"]
        )
        winner["test_error"] = 100 * (1 - fmean(one[1.0] for one in reached))
    return found


if __name__ == "__main__":
    main()
