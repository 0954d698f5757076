"""A final training in TensorBoard, beside its curves."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hnas_tf.plan import Plan
from hnas_tf.reporting import wrong
from hnas_tf.reporting.graph import graph_of
from hnas_tf.training import metrics, storage
from hnas_tf.training.data import EvaluationData

MOST_MISTAKES = 36


def show_network(folder: str, plan: Plan) -> None:
    """Writes the graph of a network, in the words of its genotype.

    Args:
        folder: Of the run, on a disk or in a bucket.
        plan: Of the network.
    """
    graph = graph_of(plan)
    if graph is not None:
        content = graph.SerializeToString()
        with _run(folder):
            tf.summary.graph(tf.compat.v1.GraphDef.FromString(content))


def show_mistakes(
    folder: str,
    logits: NDArray[np.float32],
    data: EvaluationData,
    *,
    step: int,
) -> None:
    """Writes the confusion matrix, and a sheet of the worst mistakes.

    Args:
        folder: Of the run, on a disk or in a bucket.
        logits: Of a network, [pictures, classes].
        data: The pictures.
        step: After which the network is seen.
    """
    names = data.description.class_names
    counts = metrics.confusion(logits, data.labels)
    pictures = {"confusion_matrix": wrong.confusion_matrix(counts, names)}
    if mistakes := worst_mistakes(logits, data):
        pictures["worst_mistakes"] = wrong.sheet(mistakes)
    with _run(folder):
        for name, png in pictures.items():
            image = tf.io.decode_png(png)[tf.newaxis]
            tf.summary.image(f"measured/{name}", image, step=step)


def worst_mistakes(
    logits: NDArray[np.float32], data: EvaluationData
) -> list[wrong.Mistake]:
    """Returns the most confident of the wrong predictions, the first first."""
    worst = metrics.mistakes(logits, data.labels)[:MOST_MISTAKES]
    if not len(worst):
        return []
    names = data.description.class_names
    in_order = np.sort(worst)
    images = dict(zip(in_order, data.at(in_order), strict=True))
    confidences = metrics.confidences(logits[worst])
    return [
        wrong.Mistake(
            images[place],
            names[data.labels[place]],
            names[logits[place].argmax()],
            float(confidence),
        )
        for place, confidence in zip(worst, confidences, strict=True)
    ]


@contextmanager
def _run(folder: str) -> Iterator[None]:
    with storage.in_a_sentence("write", folder):
        writer = tf.summary.create_file_writer(folder)
        try:
            with writer.as_default():
                yield
        finally:
            writer.close()
