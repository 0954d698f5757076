"""What a run found, as a page of Markdown."""

from datetime import date

from benchmarks.candidates import genotypes, limits, machine, tables
from benchmarks.candidates.contenders import PYTORCH_COMPILED
from benchmarks.candidates.markdown import number, table, title
from benchmarks.candidates.outcome import (
    Outcome,
    evaluation,
    first_steps,
    training,
)
from benchmarks.candidates.session import Session

_INTRODUCTION = """\
# One candidate, from genotype to fitness

`python -m benchmarks.candidate`, {date}, {machine}.

The paper's search network, {workload.num_channels} channels and
{workload.num_groups} groups of one cell, trained on crops of
{workload.crop_size}x{workload.crop_size} pixels in batches of
{workload.batch_size}, evaluated on pictures of
{workload.image_size}x{workload.image_size}. All figures are of the whole
machine, processes that work at the same time together: medians over the rounds
({rounds}), in brackets the least and the most. Given equal weights, all
contenders have equally many parameters, and logits that differ by at most
{difference:.1e} of the largest. `fit` trains without weight decay, which would
cost it operations, the others with it; PyTorch keeps its memory from step to
step, which glibc by itself would give back. Flat genotypes were drawn until
they had at most {max_parameters:,} parameters and, for a batch,
{max_gib:.0f} GiB of outputs to keep.
"""
_LIMITS = """\
Of arithmetic: {operations} operations for each multiply-add of an image, of
those of a matrix product ({flops} GFLOP/s). Of memory: {times} times the
outputs that are kept for the gradient (written and read forwards, read
backwards, their gradients written and read), of the bytes that a copy moves
({bytes} GB/s). A graph that keeps less than the plan moves less.
"""


def as_markdown(session: Session, outcome: Outcome) -> str:
    """Returns the page."""
    names = [one.name for one in outcome.contenders]
    # The time that compiling takes is not compared.
    timed = [name for name in names if name != PYTORCH_COMPILED]
    sections = {
        "Ratios": tables.ratios(outcome),
        "Training, images/s": tables.by_genotype(outcome, names, training),
        f"The first {session.workload.first_steps} steps, from the genotype "
        "on, seconds of the machine": tables.by_genotype(
            outcome, timed, first_steps, digits=2
        ),
        "Evaluation, images/s": tables.by_genotype(outcome, timed, evaluation),
        "Another repeat of ours, seconds of a process": tables.repeats(outcome),
        "Ours, of what the machine can do at most": _limits(session, outcome),
        f"Settings, tried on {genotypes.CALIBRATION}; threads of an operation "
        "x operations at a time": tables.settings(outcome),
        "Versions": _versions(session, outcome),
    }
    return "\n".join(
        [
            _introduction(session, outcome),
            *(f"## {name}\n\n{text}" for name, text in sections.items()),
        ]
    )


def _introduction(session: Session, outcome: Outcome) -> str:
    text = _INTRODUCTION.format(
        date=date.today(),
        machine=machine.describe(),
        workload=session.workload,
        rounds=outcome.num_rounds,
        difference=max(outcome.differences, default=0.0),
        max_parameters=genotypes.MAX_PARAMETERS,
        max_gib=genotypes.MAX_ACTIVATION_BYTES / 2**30,
    )
    reasons = {**session.missing, **outcome.errors()}
    missing = "".join(
        f"- {title(name)}: not measured, {reason}\n"
        for name, reason in reasons.items()
    )
    return f"{text}\n{missing}" if missing else text


def _limits(session: Session, outcome: Outcome) -> str:
    flops, moved = (
        limits.peak(outcome, f"{name}_per_second")
        for name in ("flops", "bytes")
    )
    text = _LIMITS.format(
        operations=limits.OPERATIONS_PER_MULTIPLY_ADD,
        times=limits.TIMES_MOVED,
        flops=number(flops and flops / 1e9, digits=0),
        bytes=number(moved and moved / 1e9, digits=1),
    )
    return f"{text}\n{tables.shares(outcome, session.workload)}"


def _versions(session: Session, outcome: Outcome) -> str:
    return table(
        ["", "versions"],
        [
            [
                title(one.name),
                ", ".join(map(" ".join, session.versions_of(one).items())),
            ]
            for one in outcome.contenders
        ],
    )
