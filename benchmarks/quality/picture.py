"""The best fitness so far against trained steps, as a picture."""

from math import nan
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.quality.budget import Budget
from benchmarks.quality.experiment import Found, Search
from benchmarks.quality.rows import FEW, FRACTIONS, PLAIN, REUSE, ROWS, SAVING

PICTURE_NAME = "search_quality.png"
_POINTS = 200


class _Line(NamedTuple):
    """How a row is drawn; colours that everybody can tell apart (Okabe, Ito).

    Attributes:
        colour: Of the algorithm, or of what it saves.
        width: Less for the later ones: they begin on top of each other.
    """

    colour: str
    width: float


_GREY, _BLUE, _ORANGE, _GREEN = "#555555", "#0072B2", "#D55E00", "#009E73"
_OF_THE_PAPER = {
    "flat, random search": _Line(_GREY, 2),
    "flat, evolution": _Line(_BLUE, 2),
    "hierarchical, random search": _Line(_GREY, 4),
    PLAIN: _Line(_BLUE, 2.5),
    "hierarchical, aging": _Line(_ORANGE, 1.2),
}
_OF_SAVINGS = {
    PLAIN: _Line(_BLUE, 3),
    REUSE: _Line(_ORANGE, 1.5),
    SAVING: _Line(_GREEN, 2),
}


def draw(found: dict[Search, Found], budget: Budget, path: Path) -> None:
    """Writes a picture: the paper's rows on the left, savings on the right."""
    figure = Figure(figsize=(12, 5), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    _draw_rows(left, _OF_THE_PAPER, found, budget, seeds=FEW)
    _explain(left, (0.33, 0.25))
    left.set_title(f"the paper's rows, and aging: seeds 1 to {max(FEW)}")
    left.set_ylabel("validation error of the best so far, %")
    _draw_rows(right, _OF_SAVINGS, found, budget, seeds=None)
    _explain(right, (0.33, 0.02))
    right.set_title("what savings change: all seeds")
    for fraction in FRACTIONS[1:]:
        right.axvline(
            fraction * budget.total_steps, color="black", lw=0.8, ls=":"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def _draw_rows(
    axes: Axes,
    lines: dict[str, _Line],
    found: dict[Search, Found],
    budget: Budget,
    *,
    seeds: range | None,
) -> None:
    """Draws the mean of every row's searches, and its standard error."""
    total = budget.total_steps
    steps = [total * n / _POINTS for n in range(_POINTS + 1)]
    for name, line in lines.items():
        curves = [
            its["changes"]
            for search, its in found.items()
            if search.row == name and (seeds is None or search.seed in seeds)
        ]
        if not curves:
            continue
        errors = np.array([[_error_at(c, s) for c in curves] for s in steps])
        mean = errors.mean(axis=1)
        number = len(curves)
        band = errors.std(axis=1, ddof=min(1, number - 1)) / number**0.5
        style = "--" if ROWS[name].representation == "flat" else "-"
        axes.plot(
            *(steps, mean, style),
            color=line.colour,
            lw=line.width,
            label=f"{name} ({number})",
        )
        axes.fill_between(
            *(steps, mean - band, mean + band),
            color=line.colour,
            alpha=0.12,
            lw=0,
        )
    one = total // budget.num_individuals
    axes.set_xlabel(f"trained steps ({one} are those of one network)")
    axes.set_xlim(0, total)
    axes.grid(alpha=0.3)


def _explain(axes: Axes, place: tuple[float, float]) -> None:
    """Says which line is which, at a place (of 1) where none runs."""
    if axes.get_legend_handles_labels()[0]:
        title = "mean of so many searches, ± 1 standard error"
        axes.legend(title=title, loc=place)


def _error_at(curve: list[list[float]], step: float) -> float:
    """Returns the error of the best after so many steps, in %."""
    reached = [fitness for steps, _, fitness, _ in curve if steps <= step]
    return 100 * (1 - reached[-1]) if reached else nan
