"""What a person reads when a search has ended."""

from pathlib import Path

from hnas_tf.archive import BEST_DIR, Archive, outcome_of
from hnas_tf.config import SearchConfig
from hnas_tf.errors import HnasError
from hnas_tf.reporting.best import PICTURE_NAME


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
        HnasError: if no individual has a fitness; says why the first failed.
    """
    outcome = outcome_of(archive)
    num_failed, best = outcome.num_failed, outcome.best
    if best is None:
        first = archive.events(kind="failed")[0]
        detail = first["detail"].strip().splitlines()[-1:]
        raise HnasError(
            "Expected some individual to be evaluated. Received: "
            f"{num_failed} that failed, the first with: "
            f"{': '.join([first['reason'], *detail])}"
        )
    num_settled = outcome.num_finished + num_failed
    failed = f", {num_failed} of them failed" if num_failed else ""
    lines = [f"The search is finished: {num_settled} individuals{failed}."]
    spread = f" +- {best.fitness_std:.4f}" if best.fitness_std else ""
    size = config.training.crop_size
    lines += [
        f"  best fitness   {best.fitness:.4f}{spread} (individual "
        f"{best.number})",
        f"  parameters     {best.cost.parameters:,}",
        f"  multiply-adds  {best.cost.multiply_adds:,} ({size}x{size})",
        f"  workdir        {workdir} (picture: {BEST_DIR}/{PICTURE_NAME})",
        f"Next, train it at full size:\n  {next_command}",
    ]
    return "\n".join(lines)
