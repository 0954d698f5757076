"""How good logits are: pure NumPy."""

from collections.abc import Callable, Sequence
from statistics import fmean, stdev
from typing import Any

import numpy as np
from numpy.typing import NDArray

Logits = NDArray[np.float32]
Labels = NDArray[np.int32]
Metric = Callable[[Logits, Labels], float]

_MANY_CLASSES = 10


def accuracy(logits: Logits, labels: Labels) -> float:
    """Returns the share of pictures whose highest logit is their label's."""
    return float(np.mean(logits.argmax(axis=1) == labels))


def top_5_accuracy(logits: Logits, labels: Labels) -> float:
    """Returns the share whose label is among the five highest logits."""
    own = logits[np.arange(len(labels)), labels]
    higher = (logits > own[:, np.newaxis]).sum(axis=1)
    return float(np.mean(higher < 5))


def balanced_accuracy(logits: Logits, labels: Labels) -> float:
    """Returns the mean of the accuracies on each class that occurs."""
    counts = confusion(logits, labels)
    totals = counts.sum(axis=1)
    occurs = totals > 0
    return float(np.mean(np.diag(counts)[occurs] / totals[occurs]))


def loss(logits: Logits, labels: Labels) -> float:
    """Returns the mean cross entropy, in nats."""
    own = _log_probabilities(logits)[np.arange(len(labels)), labels]
    return -float(np.mean(own))


def confusion(logits: Logits, labels: Labels) -> NDArray[np.int64]:
    """Returns counts by label and predicted class, [classes, classes]."""
    num_classes = logits.shape[1]
    pairs = labels.astype(np.int64) * num_classes + logits.argmax(axis=1)
    counts = np.bincount(pairs, minlength=num_classes**2)
    return counts.reshape(num_classes, num_classes)


def class_accuracies(counts: NDArray[np.int64]) -> list[float | None]:
    """Returns the accuracy on each class, `None` where it has no picture.

    Args:
        counts: As `confusion` returns them.
    """
    return [
        float(row[label] / row.sum()) if row.any() else None
        for label, row in enumerate(counts)
    ]


def confidences(logits: Logits) -> NDArray[np.float64]:
    """Returns the probability of the class that is predicted, [pictures]."""
    highest: NDArray[np.float64] = np.exp(
        _log_probabilities(logits).max(axis=1)
    )
    return highest


def mistakes(logits: Logits, labels: Labels) -> NDArray[np.int64]:
    """Returns where the wrong predictions are, the most confident first."""
    wrong = np.flatnonzero(logits.argmax(axis=1) != labels)
    order = np.argsort(-confidences(logits[wrong]), kind="stable")
    return wrong[order]


def figures(logits: Logits, labels: Labels) -> dict[str, float]:
    """Returns all that is told of a split; by name.

    Among ten classes or fewer, the label is easily one of the five highest.
    """
    found = {
        "accuracy": accuracy(logits, labels),
        "balanced_accuracy": balanced_accuracy(logits, labels),
        "loss": loss(logits, labels),
    }
    if logits.shape[1] > _MANY_CLASSES:
        found["top_5_accuracy"] = top_5_accuracy(logits, labels)
    return found


def figures_of_repeats(
    logits: Sequence[Logits], labels: Labels
) -> dict[str, Any]:
    """Returns every figure: of each repeat, the mean, and the deviation."""
    of_repeats = [figures(each, labels) for each in logits]
    found: dict[str, Any] = {}
    for name in of_repeats[0]:
        values = [each[name] for each in of_repeats]
        found[name] = fmean(values)
        found[f"{name}_std"] = stdev(values) if len(values) > 1 else None
        found[f"{name}_of_repeats"] = values
    return found


def _log_probabilities(logits: Logits) -> NDArray[np.float64]:
    shifted = (logits - logits.max(axis=1, keepdims=True)).astype(np.float64)
    normalizers = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    log_probabilities: NDArray[np.float64] = shifted - normalizers
    return log_probabilities


FITNESS: dict[str, Metric] = {
    "accuracy": accuracy,
    "balanced_accuracy": balanced_accuracy,
}
"""By `--fitness_metric`."""
