"""What a person reads when a search has ended."""

from pathlib import Path

from hnas_tf.archive import BEST_DIR, Archive
from hnas_tf.config import SearchConfig
from hnas_tf.evolution import State
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
    """
    num_failed = archive.num_individuals(State.FAILED)
    num_settled = archive.num_individuals(State.FINISHED) + num_failed
    failed = f", {num_failed} of them failed" if num_failed else ""
    lines = [f"The search is finished: {num_settled} individuals{failed}."]
    for best in archive.fittest(1):
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
