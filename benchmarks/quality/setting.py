"""What results hold for: a budget, a machine, versions, and our code."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.candidates import machine
from benchmarks.candidates.installed import installed
from benchmarks.candidates.results import Results
from benchmarks.quality.budget import Budget, from_document
from hnas_tf.errors import InvalidError

RESULTS_NAME = "search_quality.jsonl"

_TRAINING_FLOORS = ("data", *machine.TRAINING_FLOORS)
_SEARCH_FLOORS = (
    "archive",
    "config",
    "engines",
    "evolution",
    "evolve",
    "genotype",
)
# Of this benchmark: what trains, and what searches.
_TRAINING_FILES = ("digits.py", "training.py")
_SEARCH_FILES = ("engine.py", "rows.py", "searches.py")
# Of TensorFlow's distributions there is one.
_PACKAGES = ("tensorflow", "tensorflow-cpu", "keras", "numpy")


@dataclass(frozen=True)
class Setting:
    """What results hold for; those of another one are not mixed with them.

    Attributes:
        trainings: What a training depends on, as JSON values, the budget among
            them.
        search_code: The digest of the code that searches depend on besides.
    """

    trainings: dict[str, Any]
    search_code: str

    @property
    def budget(self) -> Budget:
        """The sizes."""
        return from_document(self.trainings["budget"])

    def key(self, row: str, seed: int) -> dict[str, Any]:
        """Returns what a search is found by."""
        its = {"search_code": self.search_code, **self.trainings}
        return {"row": row, "seed": seed, **its}


def present(budget: Budget) -> Setting:
    """Returns what would now be measured."""
    return Setting(
        {
            "budget": budget.describe(),
            "machine": machine.describe(),
            "versions": installed(_PACKAGES),
            "training_code": _digest(_TRAINING_FLOORS, _TRAINING_FILES),
        },
        _digest(_SEARCH_FLOORS, _SEARCH_FILES),
    )


def _digest(floors: Sequence[str], files: Sequence[str]) -> str:
    here = Path(__file__).parent
    return machine.digest_of_hnas_tf(floors, *(here / name for name in files))


def recorded(folder: Path) -> Setting:
    """Returns what was measured last in a folder.

    Raises:
        InvalidError: if nothing was.
    """
    path = folder / RESULTS_NAME
    keys = [key for key, _ in Results(path).entries()] if path.exists() else []
    if not keys:
        raise InvalidError(
            f"Expected results of searches in a folder. Received: {folder}, "
            "where there are none"
        )
    own = ("row", "seed", "search_code")
    trainings = {k: v for k, v in keys[-1].items() if k not in own}
    return Setting(trainings, keys[-1]["search_code"])
