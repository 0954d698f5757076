"""A candidate's run: its curves, and what makes it a trial of HParams."""

from pathlib import Path
from typing import Any

from hnas_tf.archive import Archive
from hnas_tf.config import NetworkConfig
from hnas_tf.evolution import Individual
from hnas_tf.reporting import hparams
from hnas_tf.reporting.event_file import EventFile


def write_candidate(
    folder: Path, number: int, archive: Archive, network: NetworkConfig
) -> None:
    """Writes the run of an individual that has a fitness.

    Steps of the curves are those of its training. Of its metrics the step is
    its number, so that Scalars shows all candidates in one picture.

    Args:
        folder: Of the run.
        number: The individual's.
        archive: Of the search.
        network: What its cells are put into.
    """
    individual = archive.individual(number)
    parent = individual.parent
    events = archive.events(individual=number)
    *_, finished = (e for e in events if e["kind"] == "finished")
    file = EventFile(folder)
    start, end = events[0]["time"], finished["time"]
    trial = hparams.trial(
        individual,
        None if parent is None else archive.genotype(parent),
        network,
        time=start,
    )
    file.summary(trial, step=0, wall_time=start)
    for event in events:
        is_of_it = event["attempt"] == finished["attempt"]
        if event["kind"] == "progress" and is_of_it:
            _write_progress(file, event)
    metrics = _metrics(individual, finished)
    file.scalars(metrics, step=number, wall_time=end)
    file.close()


def _metrics(
    individual: Individual, finished: dict[str, Any]
) -> dict[str, float]:
    """Returns those that are known."""
    seconds = finished.get("seconds", {}).values()
    values = {
        hparams.FITNESS: individual.fitness,
        hparams.FITNESS_STD: individual.fitness_std,
        hparams.SECONDS: sum(seconds) if seconds else None,
    }
    return {tag: value for tag, value in values.items() if value is not None}


def _write_progress(file: EventFile, event: dict[str, Any]) -> None:
    repeat, time = event["repeat"], event["time"]
    for step, loss in event["curve"]:
        tags = {f"loss/repeat_{repeat}": loss}
        file.scalars(tags, step=step, wall_time=time)
    if event["curve"]:
        step = event["curve"][-1][0]
        tags = {f"validation_accuracy/repeat_{repeat}": event["accuracy"]}
        file.scalars(tags, step=step, wall_time=time)
