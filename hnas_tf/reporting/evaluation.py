"""What a person reads of an evaluation: figures, classes, and mistakes."""

from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hnas_tf.errors import escaped
from hnas_tf.reporting.summary import FIGURES
from hnas_tf.reporting.table import aligned

MOST_CLASSES = 50
MOST_IN_MATRIX = 12
MOST_CONFUSIONS = 20
_MOST_SKIPPED = 20
_LONG_NAME = 6


def in_words(document: dict[str, Any], *, num_mistakes: int) -> str:
    """Returns an evaluation as text, readable with a thousand classes too.

    Args:
        document: What `hnas_tf.evaluate --output` writes.
        num_mistakes: How many of the wrong predictions are named.
    """
    parts = [
        _head(document),
        _classes(document["classes"]),
        _confusions(document),
        _mistakes(document, num_mistakes),
        _skipped(document["skipped"]),
    ]
    return "\n\n".join(filter(None, parts))


def _head(document: dict[str, Any]) -> str:
    lines = [
        f"{document['workdir']} (repeat {document['repeat']}), on "
        f"{document['num_pictures']:,} pictures of "
        f"{escaped(document['dataset'])} "
        f"({document['split']}):"
    ]
    lines += [
        f"  {title:<24} {document[name]:.4f}"
        for name, title in FIGURES.items()
        if name in document
    ]
    return "\n".join(lines)


def _classes(classes: list[dict[str, Any]]) -> str:
    """Returns a line for each class that occurs, or for the worst."""
    there = [each for each in classes if each["num_pictures"]]
    title = "Accuracy of every class:"
    if len(there) > MOST_CLASSES:
        title = f"Accuracy of the {MOST_CLASSES} worst of {len(there)} classes:"
        there = sorted(there, key=lambda each: float(each["accuracy"]))
    rows = [
        (
            f"  {each['name']}",
            f"{each['accuracy']:.4f}",
            f"{each['num_pictures']:,}",
        )
        for each in there[:MOST_CLASSES]
    ]
    header = ("  class", "accuracy", "pictures")
    return f"{title}\n{aligned([header, *rows], left={0})}"


def _confusions(document: dict[str, Any]) -> str:
    """Returns the confusion matrix, or the largest numbers of a large one."""
    counts = np.array(document["confusion"], np.int64)
    names = [each["name"] for each in document["classes"]]
    shown = np.flatnonzero(counts.any(axis=0) | counts.any(axis=1))
    if len(shown) <= MOST_IN_MATRIX:
        return _matrix(
            counts[np.ix_(shown, shown)], [names[label] for label in shown]
        )
    return _most_frequent(counts, names)


def _matrix(counts: NDArray[np.int64], names: list[str]) -> str:
    rows, columns = names, names
    if max(map(len, names)) > _LONG_NAME:
        columns = [str(number) for number in range(1, len(names) + 1)]
        rows = [
            f"{number} {name}"
            for number, name in zip(columns, names, strict=True)
        ]
    lines = [("", *columns)] + [
        (f"  {name}", *map(str, row))
        for name, row in zip(rows, counts.tolist(), strict=True)
        if any(row)
    ]
    return (
        "Confusion matrix (rows: what pictures are; columns: what the network "
        f"says):\n{aligned(lines, left={0})}"
    )


def _most_frequent(counts: NDArray[np.int64], names: list[str]) -> str:
    counts = counts.copy()
    np.fill_diagonal(counts, 0)
    labels, predictions = np.nonzero(counts)
    numbers = counts[labels, predictions]
    if not len(numbers):
        return ""
    order = np.argsort(-numbers, kind="stable")[:MOST_CONFUSIONS]
    rows = [
        (f"  {numbers[n]:,}", names[labels[n]], "->", names[predictions[n]])
        for n in order
    ]
    return (
        "Most frequent confusions (what pictures are -> what the network "
        f"says), {len(order)} of {len(numbers):,}:\n"
        f"{aligned(rows, left={1, 2, 3})}"
    )


def _mistakes(document: dict[str, Any], number: int) -> str:
    places = document["mistakes"]
    if not places:
        return "No mistakes."
    shown = [document["pictures"][place] for place in places[:number]]
    if not shown:
        return ""
    keys = ("name", "label", "prediction")
    rows = [
        (f"  {each['probability']:.4f}", *(each[key] for key in keys))
        for each in shown
    ]
    header = ("  probability", "picture", "is", "taken for")
    return (
        f"Most confident mistakes, {len(shown)} of {len(places):,}:\n"
        f"{aligned([header, *rows], left={1, 2, 3})}"
    )


def _skipped(skipped: dict[str, str]) -> str:
    if not skipped:
        return ""
    lines = [f"{len(skipped):,} pictures cannot be read and are left out:"]
    lines += [
        f"  {escaped(name)}: {escaped(reason)}"
        for name, reason in islice(skipped.items(), _MOST_SKIPPED)
    ]
    return "\n".join(lines)
