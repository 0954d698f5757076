"""What a server is given: written, warmed up, verified, measured."""

import dataclasses
import os
from pathlib import Path
from typing import Any

import tensorflow as tf

from hnas_tf.config import ExportConfig
from hnas_tf.errors import ArchiveError
from hnas_tf.serving.answers import Answers
from hnas_tf.serving.names import ALL_SIGNATURES, ANSWERS_NAME, BYTES
from hnas_tf.serving.network import FoldedNetwork
from hnas_tf.serving.samples import Samples
from hnas_tf.serving.saved_model import write_saved_model
from hnas_tf.serving.stranger import Show, measure, show
from hnas_tf.serving.verification import (
    compare_signatures,
    require_close,
    require_same_classes,
)
from hnas_tf.serving.warmup import write_warmup

NUM_KEPT = 16
_NUM_SHOWN_TO_ALL = 64

Document = dict[str, Any]


def write_served(
    network: FoldedNetwork,
    folder: Path,
    samples: list[Samples],
    config: ExportConfig,
) -> Document:
    """Writes what is served, and verifies it.

    Args:
        network: To be served.
        folder: Of the version.
        samples: Pictures of one or two splits, and the trained network's
            answers.
        config: Of the export.

    Returns:
        What was found, as JSON values.

    Raises:
        HnasError: if it cannot be loaded, or says something else than the
            trained network.
        ArchiveError: if it cannot be written.
    """
    try:
        write_saved_model(network, folder, image_dtype=config.image_dtype)
        write_warmup(
            folder,
            samples[0].answers,
            model_name=config.model_name,
            batch_sizes=config.warmup_batch_sizes,
            image_dtype=config.image_dtype,
        )
    except tf.errors.OpError as error:
        raise ArchiveError(
            f"Expected to write to {folder.parent}. Received: {error.message}"
        ) from error
    samples[0].answers.some(NUM_KEPT).save(folder / ANSWERS_NAME)
    return _verify(folder, samples, config)


def _verify(
    folder: Path, samples: list[Samples], config: ExportConfig
) -> Document:
    """Shows some pictures to every signature, and all of the last split."""
    some, last = samples[0].answers.some(_NUM_SHOWN_TO_ALL), samples[-1]
    shows = [
        Show("some", some, ALL_SIGNATURES),
        Show("all", last.answers, (BYTES,)),
    ]
    seen = show(folder, shows)
    close = compare_signatures(seen, "some", some)
    same = compare_signatures(seen, "all", last.answers)[BYTES]
    where = f"{BYTES}, {last.split} split"
    require_close({**close, where: same}, config.tolerance)
    require_same_classes(same, where)
    predictions = seen.outputs["all", BYTES, "probabilities"].argmax(axis=1)
    return {
        "verified": {
            "tolerance": config.tolerance,
            "signatures": {n: dataclasses.asdict(c) for n, c in close.items()},
        },
        "measured": {
            "split": last.split,
            **dataclasses.asdict(same),
            "accuracy": last.accuracy(predictions),
            "trained_accuracy": last.accuracy(last.answers.predictions),
        },
        "server": seen.report | _fastest(folder, some),
        "warmup_batch_sizes": config.warmup_batch_sizes,
        "num_cores": len(os.sched_getaffinity(0)),
        "saved_model_bytes": _size(folder),
    }


def _fastest(folder: Path, answers: Answers) -> Document:
    """Returns latencies with one thread an operation, or with all cores.

    The one that answers a request of one picture sooner is chosen: most
    operations of these networks are too small to be worth sharing.
    """
    latencies = {
        threads: measure(folder, answers, intra_op_threads=threads)
        for threads in (1, 0)
    }
    threads = min(latencies, key=lambda number: latencies[number][1])
    return {"intra_op_threads": threads, "latencies": latencies[threads]}


def _size(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
