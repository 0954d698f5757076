"""All that a page knows of a search, as JSON values."""

import time
from typing import Any

from hnas_tf.archive import Settled
from hnas_tf.config import PARETO_COSTS
from hnas_tf.config.document import config_to_document
from hnas_tf.evolution import Individual
from hnas_tf.evolution.pareto import pareto_front
from hnas_tf.genotype import PRIMITIVES
from hnas_tf.reporting.report.attempts import Attempt, attempts_of
from hnas_tf.reporting.report.columns import columns
from hnas_tf.reporting.report.description import described
from hnas_tf.reporting.report.findings import findings
from hnas_tf.reporting.report.preferences import preferences
from hnas_tf.reporting.report.subject import Subject
from hnas_tf.reporting.report.time_spent import failures, saved, time_spent


def document_of(subject: Subject) -> dict[str, Any]:
    """Returns what the page shows of a search, of one moment of it."""
    with subject.archive.snapshot():
        individuals = subject.archive.individuals()
        settled = subject.archive.settled()
        submitted = subject.archive.events(kind="submitted")
        attempts = attempts_of(subject.archive, submitted)
        facts = subject.archive.facts()
    began = submitted[0]["time"] if submitted else 0.0
    return {
        "name": subject.name,
        "described": described(subject.config),
        "standing": _standing(subject, settled),
        "space": [list(size) for size in subject.config.space.levels],
        "primitives": list(PRIMITIVES),
        "individuals": columns(individuals, settled, attempts, began),
        "fronts": _fronts(individuals),
        **findings(individuals),
        "preferences": preferences(individuals),
        **_time(individuals, attempts),
        "failures": failures(attempts),
        "facts": facts or {},
        "config": config_to_document(subject.config),
        "commands": subject.commands,
        "verdict": subject.verdict,
    }


def _standing(subject: Subject, settled: list[Settled]) -> str:
    wanted = subject.config.evolution.num_evaluations
    if not settled:
        return f"None of {wanted:,} individuals is evaluated yet."
    last = time.gmtime(max(one.time for one in settled))
    ends = "Finished" if len(settled) >= wanted else "Not finished"
    return (
        f"{ends}: {len(settled):,} of {wanted:,} individuals are evaluated, "
        f"the last on {time.strftime('%Y-%m-%d %H:%M', last)} UTC."
    )


def _fronts(individuals: list[Individual]) -> dict[str, list[int]]:
    return {
        cost: [one.number for one in pareto_front(individuals, cost)]
        for cost in PARETO_COSTS
    }


def _time(
    individuals: list[Individual], attempts: list[Attempt]
) -> dict[str, Any]:
    return {
        "time": time_spent(attempts),
        "saved": saved(individuals, attempts),
    }
