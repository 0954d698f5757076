"""The best fitness so far against trained steps, as a picture."""

from pathlib import Path
from statistics import fmean

from matplotlib.figure import Figure

from benchmarks.quality.budget import Budget
from benchmarks.quality.experiment import Found, Search
from benchmarks.quality.rows import FEW, ROWS

PICTURE_NAME = "search_quality.png"
_POINTS = 200


def draw(found: dict[Search, Found], budget: Budget, path: Path) -> None:
    """Writes a picture with a line for every row: the mean of its searches."""
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.add_subplot()
    total = budget.total_steps
    steps = [total * n / _POINTS for n in range(_POINTS // 20, _POINTS + 1)]
    for name, row in ROWS.items():
        # The seeds that all rows have.
        curves = [
            its["changes"]
            for search, its in found.items()
            if search.row == name and search.seed in FEW
        ]
        if not curves or row.is_single:
            continue
        means = [fmean(_at(curve, step) for curve in curves) for step in steps]
        style = "--" if row.representation == "flat" else "-"
        label = f"{name} ({len(curves)})"
        axes.plot(steps, means, style, label=label)
    axes.set_xlabel("trained steps")
    axes.set_ylabel("fitness of the best so far")
    axes.grid(alpha=0.3)
    axes.legend(title="mean over (searches)", fontsize="small")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)


def _at(curve: list[list[float]], step: float) -> float:
    """Returns the best fitness after so many steps."""
    reached = [fitness for steps, _, fitness, _ in curve if steps <= step]
    return reached[-1] if reached else 0.0
