"""What was found, as a page of Markdown."""

from collections.abc import Iterable
from datetime import date

from benchmarks.candidates import machine
from benchmarks.candidates.markdown import NOTHING, table
from benchmarks.loads.driver import Found
from benchmarks.loads.figures import Figure

_INTRODUCTION = """\
# What the driver of a search stands

`python -m benchmarks.load`, {date}, {machine}.

The driver is that of `hnas_tf.search`: loop, controller, archive (a file in
/dev/shm, or on the disk of `runs/`), `best/`, TensorBoard and bar; space
and evolution are the paper's. Every individual is evaluated: one repeat, so one
question and one result, unless it says otherwise. A child is replaced after 50.
Counted is from when all workers have been ready until no more work is left for
all of them.

- Simulated workers are children that ask after 0.1 s on the mean (exponential)
  and answer at once, through the engine's own protocol, in JSON: 200 of them
  would do 2,000 evaluations/s if they never waited. The toy evaluator of real
  children asks and answers at once, and imports no TensorFlow.
- Idle is whatever is not inside of an evaluation: waiting for an answer or for
  a task, and the start of a child that replaces another.
- The model is that same driver under a clock that goes with the CPU time that
  it takes, and skips what it would wait for, disks included. Its simulated
  workers join in the course of an hour, and ask after each of four repeats.
  What Ray itself takes (a thread, a call and a beat every 5 s for each worker)
  is not in it.
"""


def as_markdown(found: Iterable[tuple[Figure, Found | None]]) -> str:
    """Returns the page; what was not measured has no figure."""
    rows = [
        [
            figure.title,
            figure.goal(),
            figure.verdict(its) if its else NOTHING,
            figure.details(its) if its else NOTHING,
        ]
        for figure, its in found
    ]
    introduction = _INTRODUCTION.format(
        date=date.today(), machine=machine.describe()
    )
    return f"{introduction}\n{table(['', 'goal', 'found', ''], rows)}"
