"""What a trained network says of pictures, new ones too."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hnas_tf.config import DataConfig, FinalConfig
from hnas_tf.data.reading import Report
from hnas_tf.data.sources import open_source
from hnas_tf.data.splits import TEST, VALIDATION, pictures_of
from hnas_tf.training import metrics
from hnas_tf.training.evaluation import (
    inference_of,
    make_logits,
    pictures_and_memory,
)
from hnas_tf.training.final_data import evaluation_data, fits
from hnas_tf.training.other_pictures import as_trained_on, own_labels_of
from hnas_tf.training.replica import require_divisible
from hnas_tf.training.trained import Trained

VERSION = 1


@dataclass(frozen=True)
class Evaluation:
    """What a network says of the pictures of a split.

    Attributes:
        dataset: As in `--dataset`.
        split: Of it.
        class_names: Of the network's classes 0, 1, ...
        names: What a person calls the pictures.
        labels: What they are, by the network's classes, int32 [pictures].
        logits: float32 [pictures, classes].
        skipped: Names of the pictures that cannot be read, with the reason.
    """

    dataset: str
    split: str
    class_names: tuple[str, ...]
    names: Sequence[str]
    labels: NDArray[np.int32]
    logits: NDArray[np.float32]
    skipped: dict[str, str]

    def to_document(self) -> dict[str, Any]:
        """Returns all that can be told of it, as JSON values.

        `confusion` counts by label (rows) and prediction; `pictures` are in
        the dataset's order, `mistakes` their places, the most confident first.
        """
        counts = metrics.confusion(self.logits, self.labels)
        return {
            "version": VERSION,
            "dataset": self.dataset,
            "split": self.split,
            "num_pictures": len(self.labels),
            **metrics.figures(self.logits, self.labels),
            "classes": self._classes(counts),
            "confusion": counts.tolist(),
            "mistakes": metrics.mistakes(self.logits, self.labels).tolist(),
            "pictures": self._pictures(),
            "skipped": self.skipped,
        }

    def _classes(self, counts: NDArray[np.int64]) -> list[dict[str, Any]]:
        return [
            {"name": name, "num_pictures": number, "accuracy": accuracy}
            for name, number, accuracy in zip(
                self.class_names,
                counts.sum(axis=1).tolist(),
                metrics.class_accuracies(counts),
                strict=True,
            )
        ]

    def _pictures(self) -> list[dict[str, Any]]:
        predictions = self.logits.argmax(axis=1)
        confidences = metrics.confidences(self.logits)
        return [
            {
                "name": name,
                "label": self.class_names[label],
                "prediction": self.class_names[prediction],
                "probability": float(confidence),
            }
            for name, label, prediction, confidence in zip(
                self.names, self.labels, predictions, confidences, strict=True
            )
        ]


def evaluate_trained(
    trained: Trained,
    data: DataConfig,
    strategy: tf.distribute.Strategy,
    *,
    split: str | None = None,
    batch_size: int | None = None,
) -> Evaluation:
    """Evaluates a network on pictures, read as those of its training were.

    Their classes are those of the network with the same names; not every one
    need occur.

    Args:
        trained: The network.
        data: Which pictures; their size is the network's affair.
        strategy: Where the network lives.
        split: Which split; by default test, or validation without one.
        batch_size: By default that of the training.

    Raises:
        InvalidError: if there are no such pictures, the network does not know
            one of their classes, or the batch cannot be shared out.
        HnasError: if pictures cannot be read, or memory is too small.
    """
    source = open_source(data, needs_train=False)
    split = split or (TEST if TEST in source.found else VALIDATION)
    pictures = pictures_of(source, data, split)
    own_labels = own_labels_of(pictures, source, trained.description, data)
    report = Report()
    source = as_trained_on(source, pictures, trained.description, data)
    config = _config(trained, data, batch_size, strategy)
    readable = evaluation_data(
        pictures,
        source,
        config,
        trained.description,
        strategy,
        report=report,
        is_resident=fits(pictures, source, config),
    )
    with pictures_and_memory(config.training.batch_size):
        logits = make_logits(inference_of(trained.model), readable, strategy)()
    return Evaluation(
        dataset=data.dataset,
        split=split,
        class_names=trained.description.class_names,
        names=[name for name in pictures.names if name not in report.bad],
        labels=own_labels[readable.labels],
        logits=logits,
        skipped=report.bad,
    )


def _config(
    trained: Trained,
    data: DataConfig,
    batch_size: int | None,
    strategy: tf.distribute.Strategy,
) -> FinalConfig:
    """Returns the training's configuration, for other pictures.

    Raises:
        InvalidError: if the batch cannot be shared out.
    """
    training = trained.config.training
    training = dataclasses.replace(
        training, batch_size=batch_size or training.batch_size
    )
    require_divisible(training.batch_size, strategy)
    # That of the source, which need not be square.
    data = dataclasses.replace(data, image_size=None)
    return dataclasses.replace(trained.config, data=data, training=training)
