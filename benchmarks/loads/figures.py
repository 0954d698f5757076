"""Which figures there are, what is run for each, and what is wanted."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks import memory
from benchmarks.loads import measures
from benchmarks.loads.driver import Found
from benchmarks.loads.load import DISK, HOME, LOCAL, MODEL, RAY, SIMULATED, Load

DRIVER = "benchmarks.loads.driver:run"
SLEEPING = f"{HOME}:SleepingEvaluator"


@dataclass(frozen=True)
class Figure:
    """A row of the table.

    Attributes:
        part: As it is chosen on the command line.
        title: In the table.
        errand: The import path of what is called in a child.
        document: What that is given.
        value: Returns the figure out of what was found.
        form: Of the figure, with its unit.
        details: Says what it is made of.
        least: The goal, if it is to be no less.
        most: The goal, if it is to be no more.
    """

    part: str
    title: str
    errand: str
    document: dict[str, Any]
    value: Callable[[Found], float]
    form: str
    details: Callable[[Found], str]
    least: float | None = None
    most: float | None = None

    def goal(self) -> str:
        """Returns the goal in words."""
        if self.least is not None:
            return f"at least {self.form.format(self.least)}"
        if self.most is not None:
            return f"at most {self.form.format(self.most)}"
        return "bounded"

    def verdict(self, found: Found) -> str:
        """Returns the figure in words, and whether the goal is reached."""
        value = self.value(found)
        words = self.form.format(value)
        if self.least is None and self.most is None:
            return words
        is_low = self.least is not None and value < self.least
        is_high = self.most is not None and value > self.most
        return f"{words}, {'not ' if is_low or is_high else ''}reached"


def figures(scale: float = 1.0) -> list[Figure]:
    """Returns all figures, after `scale` times as many evaluations."""

    def scaled(load: Load) -> Load:
        return dataclasses.replace(
            load, first=int(scale * load.first), last=int(scale * load.last)
        )

    simulated = scaled(Load(SIMULATED, num_workers=200, last=10_000))
    actors = scaled(Load(RAY, num_workers=32, last=10_000))
    children = Load(*(LOCAL, 16), last=960, archive=DISK, evaluator=SLEEPING)
    grows = Load(SIMULATED, num_workers=200, first=1_000, last=100_000)
    many = Load(MODEL, 10_000, first=10_000, last=30_000, num_repeats=4)
    return [
        _rate("200 simulated workers", simulated, least=200),
        _rate("200 simulated workers", _on_disk(simulated), least=200),
        _rate("32 Ray actors with their children", actors, least=50),
        _rate("32 Ray actors with their children", _on_disk(actors), least=50),
        _idle(scaled(children)),
        _growth(scaled(grows)),
        _model(scaled(many)),
        _worker(max(memory.MIN_CANDIDATES, int(scale * 500))),
    ]


def _on_disk(load: Load) -> Load:
    return dataclasses.replace(load, archive=DISK)


def _rate(title: str, load: Load, *, least: float) -> Figure:
    where = "on a disk" if load.archive == DISK else "in memory"
    return Figure(
        load.engine,
        f"{title}, {load.last:,} evaluations, archive {where}",
        DRIVER,
        dataclasses.asdict(load),
        value=measures.rate,
        form="{:,.0f} evaluations/s",
        details=measures.spent,
        least=least,
    )


def _idle(load: Load) -> Figure:
    return Figure(
        "idle",
        f"idle share of {load.num_workers} children, evaluations of 1 s ± 50 %",
        DRIVER,
        dataclasses.asdict(load),
        value=measures.idle,
        form="{:.1%} of their time",
        details=measures.slept,
        most=0.03,
    )


def _growth(load: Load) -> Figure:
    return Figure(
        "memory",
        f"memory of the driver, individuals {load.first:,} to {load.last:,}",
        DRIVER,
        dataclasses.asdict(load),
        value=measures.bytes_each,
        form="{:,.0f} bytes an individual",
        details=measures.grown,
        most=2_000,
    )


def _model(load: Load) -> Figure:
    return Figure(
        "model",
        f"model of {load.num_workers:,} workers, an hour ± 50 % a candidate, "
        f"individuals {load.first:,} to {load.last:,}",
        DRIVER,
        dataclasses.asdict(load),
        value=measures.share_of_a_core,
        form="{:.2%} of a core",
        details=measures.modelled,
        most=0.01,
    )


def _worker(num_candidates: int) -> Figure:
    return Figure(
        "worker",
        f"memory of a worker after {num_candidates} candidates of the digits",
        "benchmarks.memory:measure",
        {"num_candidates": num_candidates},
        value=measures.late_megabytes,
        form="{:,.0f} MB",
        details=measures.held,
    )
