"""What a person reads when a search has ended."""

from itertools import islice
from pathlib import Path
from typing import Any

from hnas_tf.archive import BEST_DIR, Archive, outcome_of
from hnas_tf.config import SearchConfig
from hnas_tf.data import Description
from hnas_tf.errors import HnasError, escaped
from hnas_tf.reporting.best import PICTURE_NAME

_MANY = 20
FIGURES = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "top_5_accuracy": "top-5 accuracy",
    "loss": "loss",
}


def of_pictures(description: Description) -> str:
    """Returns how many pictures there are, of what kind, and what is odd."""
    height, width = description.image_size
    counts = ", ".join(
        f"{name} {number:,}"
        for name, number in description.num_examples.items()
    )
    lines = [
        f"Pictures: {counts}; {len(description.class_names)} classes, "
        f"{height}x{width}, fingerprint {description.fingerprint}."
    ]
    for kind, number in sorted(description.odd.items()):
        lines.append(f"  {number:,} are {escaped(kind)}; they are converted")
    if description.skipped:
        lines.append(
            f"  {len(description.skipped):,} cannot be read and are left out:"
        )
        lines += [
            f"    {escaped(name)}: {escaped(reason)}"
            for name, reason in islice(description.skipped.items(), _MANY)
        ]
    return "\n".join(lines)


def of_final(result: dict[str, Any], workdir: str) -> str:
    """Returns what a final training came to."""
    lines = ["The training is finished."]
    for name, title in FIGURES.items():
        if name in result:
            spread = result[f"{name}_std"]
            shown = f"{result['measured_on']} {title}"
            lines.append(
                f"  {shown:<24} {result[name]:.4f}"
                + (f" +- {spread:.4f}" if spread is not None else "")
            )
    height, width = result["image_size"]
    macs = f"{result['multiply_adds']:,} ({height}x{width})"
    lines += [
        f"  {'parameters':<24} {result['parameters']:,}",
        f"  {'multiply-adds':<24} {macs}",
        f"  {'trained on':<24} {_devices(result)}",
        f"  {'workdir':<24} {workdir}",
    ]
    return "\n".join(lines)


def of_search(
    archive: Archive, config: SearchConfig, workdir: Path, next_command: str
) -> str:
    """Returns the best fitness and its cost, where it lies, and what is next.

    Args:
        archive: Of the search.
        config: Of the search.
        workdir: Of the search.
        next_command: What trains the best network.

    Raises:
        HnasError: if no individual has a fitness; says why.
    """
    outcome = outcome_of(archive)
    num_failed, best = outcome.num_failed, outcome.best
    if best is None:
        raise _nobody(archive, num_failed)
    counts = {
        "took the fitness of an equal one": outcome.num_reused,
        "were stopped early": outcome.num_stopped,
        "failed": num_failed,
    }
    became = "".join(f", {n} {what}" for what, n in counts.items() if n)
    wanted, settled = config.evolution.num_evaluations, outcome.num_settled
    lines = [
        f"The search is finished: {settled} individuals{became}."
        if settled == wanted
        else f"The deadline has come: {settled} of {wanted} individuals"
        f"{became}. The same command goes on."
    ]
    error = best.standard_error
    spread = "" if error is None else f" +- {error:.4f}"
    repeats = f", {best.num_repeats} repeats" if error is not None else ""
    size = config.training.crop_size
    lines += [
        f"  best fitness   {best.fitness:.4f}{spread} (individual "
        f"{best.number}{repeats})",
        f"  parameters     {best.cost.parameters:,}",
        f"  multiply-adds  {best.cost.multiply_adds:,} ({size}x{size})",
        f"  trained on     {_devices(archive.facts() or {})}",
        f"  workdir        {workdir} (picture: {BEST_DIR}/{PICTURE_NAME})",
        f"Next, train it at full size:\n  {next_command}",
    ]
    return "\n".join(lines)


def _nobody(archive: Archive, num_failed: int) -> HnasError:
    """Returns what to say where no individual has a fitness."""
    received = "a deadline before the first was"
    for first in archive.events(kind="failed")[:1]:
        detail = first["detail"].strip().splitlines()[-1:]
        received = (
            f"{num_failed} that failed, the first with: "
            f"{': '.join([first['reason'], *detail])}"
        )
    return HnasError(
        f"Expected some individual to be evaluated. Received: {received}"
    )


def _devices(facts: dict[str, Any]) -> str:
    """Returns what a network was trained on, and in which precision."""
    number, kind = facts.get("num_devices", 1), facts.get("device", "unknown")
    devices = f"{number} x {kind}" if number != 1 else kind
    return f"{devices}, {facts.get('precision', 'precision unknown')}"
