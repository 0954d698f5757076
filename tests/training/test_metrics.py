"""Metrics on tables small enough to count by hand."""

import numpy as np
import pytest

from hnas_tf.training import metrics

# Predictions 0, 1, 2, 0, 2; the last is sure of itself.
LOGITS = np.array(
    [[2, 1, 0], [0, 3, 1], [1, 0, 2], [4, 0, 0], [0, 0, 9]], np.float32
)
LABELS = np.array([0, 1, 0, 1, 1], np.int32)


def test_counts_are_by_label_and_prediction():
    counts = metrics.confusion(LOGITS, LABELS)
    assert counts.tolist() == [[1, 0, 1], [1, 1, 1], [0, 0, 0]]
    assert metrics.class_accuracies(counts) == [1 / 2, 1 / 3, None]


def test_classes_without_pictures_do_not_count_in_the_balanced_accuracy():
    assert metrics.balanced_accuracy(LOGITS, LABELS) == (1 / 2 + 1 / 3) / 2


def test_a_confidence_is_the_softmax_of_the_highest_logit():
    expected = np.exp([2, 3, 2, 4, 9]) / np.exp(LOGITS).sum(axis=1)
    assert metrics.confidences(LOGITS) == pytest.approx(expected)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e4, 1e30])
def test_huge_logits_have_probabilities_too(scale):
    found = metrics.confidences(LOGITS * np.float32(scale))
    assert np.all((found > 1 / 3) & (found <= 1))


def test_mistakes_begin_with_the_most_confident():
    assert metrics.mistakes(LOGITS, LABELS).tolist() == [4, 3, 2]
    right = LOGITS.argmax(axis=1).astype(np.int32)
    assert metrics.mistakes(LOGITS, right).tolist() == []


def test_the_loss_is_the_mean_negative_log_probability():
    soft = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
    expected = -np.log(soft[np.arange(5), LABELS]).mean()
    assert metrics.loss(LOGITS, LABELS) == pytest.approx(expected)


@pytest.mark.parametrize(("num_classes", "told"), [(10, False), (11, True)])
def test_five_of_many_classes_are_told_of(num_classes, told):
    logits = np.tile(np.arange(num_classes, dtype=np.float32), (2, 1))
    labels = np.array([num_classes - 5, num_classes - 6], np.int32)
    figures = metrics.figures(logits, labels)
    assert ("top_5_accuracy" in figures) == told
    if told:
        assert figures["top_5_accuracy"] == 0.5
